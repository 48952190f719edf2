//! What a model is exported to: a folder of files a target, each with a README of its own.

mod facts;
mod recording;
mod router;
mod sample;
mod templates;
mod typescript;

use hedgerow_model::Model;
use serde::Serialize;

pub use self::facts::TargetFacts;
pub use self::router::{Challenger, router};
use crate::{Description, ExportError, image, module, onnx};

/// Where an exported model runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// The bare module, with a loader and types in TypeScript.
    Wasm,
    /// A Cloudflare worker, also for the bare runtime `workerd`.
    Cloudflare,
    /// A server on Deno.
    Deno,
    /// A server on Bun.
    Bun,
    /// A server on `node:http`.
    Node,
    /// A function on Vercel's edge runtime.
    Vercel,
    /// A container with the server of [`Target::Node`], and manifests for Kubernetes.
    Container,
    /// The bare module, with programs in Python and Rust that use it.
    Embed,
    /// A filter for Envoy.
    Envoy,
    /// Whatever runs ONNX files.
    Onnx,
}

/// A file of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Within the folder, with `/`.
    pub path: String,
    pub bytes: Vec<u8>,
}

impl File {
    fn new(path: &str, bytes: Vec<u8>) -> Self {
        Self { path: path.to_owned(), bytes }
    }

    fn text(path: &str, text: &str) -> Self {
        Self::new(path, text.into())
    }
}

/// What every export is made of, beside the model.
#[derive(Debug, Clone, Copy)]
pub struct Kit<'a> {
    /// The scorer without a model: the module of `hedgerow-scorer`.
    pub scorer: &'a [u8],
    /// The scorer as a filter of the proxy-wasm ABI: the module of `hedgerow-filter`.
    pub filter: &'a [u8],
    /// What counts rows, without a model: the module of `hedgerow-recorder`.
    pub recorder: &'a [u8],
    /// `hedgerow/edge` of the npm package as one file.
    pub handler: &'a str,
    /// `hedgerow/edge/recording`, likewise.
    pub recording: &'a str,
    /// `hedgerow/edge/router`, likewise.
    pub router: &'a str,
}

impl Target {
    /// Every target: formats, then services.
    pub const ALL: [Self; 10] = [
        Self::Wasm,
        Self::Embed,
        Self::Onnx,
        Self::Cloudflare,
        Self::Deno,
        Self::Bun,
        Self::Node,
        Self::Vercel,
        Self::Container,
        Self::Envoy,
    ];

    /// The name by which it is asked for.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wasm => "wasm",
            Self::Cloudflare => "cloudflare",
            Self::Deno => "deno",
            Self::Bun => "bun",
            Self::Node => "node",
            Self::Vercel => "vercel",
            Self::Container => "container",
            Self::Embed => "embed",
            Self::Envoy => "envoy",
            Self::Onnx => "onnx",
        }
    }

    /// Whether it is made of a kit.
    pub fn needs_kit(self) -> bool {
        self != Self::Onnx
    }

    /// The target of a name.
    ///
    /// # Errors
    /// [`ExportError::UnknownTarget`].
    pub fn named(name: &str) -> Result<Self, ExportError> {
        Self::ALL.into_iter().find(|target| target.name() == name).ok_or_else(|| {
            ExportError::UnknownTarget {
                name: name.to_owned(),
                known: Self::ALL.map(Self::name).join(", "),
            }
        })
    }

    /// The files of a model that is served as `name`: lower-case letters, digits and hyphens, at most 54,
    /// as hosts have it in addresses.
    ///
    /// # Errors
    /// [`ExportError::BadName`], [`ExportError::TooLarge`], [`ExportError::NotAScorer`],
    /// [`ExportError::NotInOnnx`].
    pub fn files(self, model: &Model, name: &str, kit: Kit) -> Result<Vec<File>, ExportError> {
        check_name(name)?;
        let description = Description::of(model, name);
        let (path, bytes) = match self {
            Self::Onnx => ("model.onnx", onnx(model, &description)?),
            Self::Envoy => ("filter.wasm", module(kit.filter, &image(model, &description)?)?),
            _ => ("model.wasm", module(kit.scorer, &image(model, &description)?)?),
        };
        let size = bytes.len();
        let mut files = vec![File::new(path, bytes)];
        let mut records = false;
        if self.is_service() {
            files.push(File::text("handler.mjs", kit.handler));
            if let Some(profile) = &model.training_profile {
                let recorder = recording::recorder(&description, profile, kit)?;
                files.push(File::new("recorder.wasm", recorder));
                files.extend(recording::beside(kit));
                records = true;
            }
        }
        let values = templates::Values::of(self, model, &description, size, records);
        for texts in templates::all(self, records) {
            values.fill_all(texts, &mut files);
        }
        Ok(files)
    }

    /// Whether it answers over HTTP by the package's script.
    fn is_service(self) -> bool {
        !matches!(self, Self::Wasm | Self::Embed | Self::Envoy | Self::Onnx)
    }
}

/// The longest name: a label of an address has 63, from which hosts take some for a version.
const LONGEST_NAME: usize = 54;

fn check_name(name: &str) -> Result<(), ExportError> {
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let inside = !name.starts_with('-') && !name.ends_with('-');
    if (1..=LONGEST_NAME).contains(&name.len()) && name.chars().all(known) && inside {
        return Ok(());
    }
    Err(ExportError::BadName { name: name.to_owned() })
}

/// A name for a model that was given none: its target's, as far as a name can have it.
pub fn default_name(model: &Model) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let name: String = model.schema.target.name.chars().map(kept).take(LONGEST_NAME).collect();
    match name.trim_matches('-') {
        "" => "model".to_owned(),
        name => name.to_owned(),
    }
}
