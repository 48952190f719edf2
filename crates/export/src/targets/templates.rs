//! The texts of every target. What stands in `{{…}}` is filled in.

use hedgerow_model::Model;

use super::{Target, sample, typescript};

/// Paths and texts of a target, beside module and handler.
pub fn of(target: Target) -> &'static [(&'static str, &'static str)] {
    macro_rules! texts {
        ($folder:literal, $($path:literal),+) => {
            &[$(($path, include_str!(concat!("../../templates/", $folder, "/", $path)))),+]
        };
    }
    match target {
        Target::Wasm => texts!("wasm", "model.ts", "example.ts", "README.md"),
        Target::Cloudflare => {
            texts!("cloudflare", "worker.mjs", "wrangler.jsonc", "worker.capnp", "README.md")
        }
        Target::Deno => texts!("deno", "main.mjs", "README.md"),
        Target::Bun => texts!("bun", "main.mjs", "README.md"),
        Target::Node => texts!("node", "main.mjs", "README.md"),
        Target::Vercel => texts!("vercel", "api/index.mjs", "vercel.json", "README.md"),
        Target::Container => texts!(
            "container",
            "Dockerfile",
            "kubernetes/stable.yaml",
            "kubernetes/canary.yaml",
            "kubernetes/service.yaml",
            "kubernetes/autoscaler.yaml",
            "README.md"
        ),
        Target::Envoy => texts!("envoy", "envoy.yaml", "README.md"),
        Target::Embed => {
            texts!("embed", "host.py", "requirements.txt", "Cargo.toml", "src/main.rs", "README.md")
        }
        Target::Onnx => texts!("onnx", "README.md"),
    }
}

/// How a service is asked, and what can be set.
const ASKING: &str = include_str!("../../templates/asking.md");

/// How a module is used from other languages.
const ABI: &str = include_str!("../../templates/abi.md");

/// The server that a container has, too.
pub const SERVER: &str = include_str!("../../templates/node/main.mjs");

/// Memory of a container without a model, in MiB.
const CONTAINER_MEMORY: usize = 192;

/// Parts of texts.
fn whole(text: &str) -> String {
    text.replace("{{asking}}", ASKING.trim_end()).replace("{{abi}}", ABI.trim_end())
}

/// What is filled in.
pub struct Values {
    name: String,
    version: String,
    /// The beginning of the version, by which an image is told from another.
    tag: String,
    /// MiB that a container of the model takes at most.
    memory: String,
    library: String,
    about: String,
    answer: String,
    sample: String,
    /// As an argument in single quotes has it.
    quoted_sample: String,
    types: String,
    classes: String,
    outputs: String,
}

impl Values {
    /// `size` is that of the model's module, in bytes.
    pub fn of(model: &Model, name: &str, size: usize) -> Self {
        let provenance = &model.provenance;
        let classes = model.schema.task.classes();
        let target = &model.schema.target.name;
        let sample = sample::row(model);
        let what = if classes.is_empty() { "a number" } else { "a class" };
        Self {
            name: name.to_owned(),
            tag: model.sha256().chars().take(12).collect(),
            // A module is there as bytes, as code, and as what an instance has in its memory.
            memory: (CONTAINER_MEMORY + 3 * (size >> 20)).next_multiple_of(64).to_string(),
            version: model.sha256(),
            library: provenance.library_version.clone(),
            about: format!(
                "A model of the kind `{}` that predicts `{target}`, {what}, trained by Hedgerow {} on {} rows.",
                provenance.learner.kind, provenance.library_version, provenance.training_data.rows,
            ),
            answer: if classes.is_empty() {
                String::new()
            } else {
                ", the classes' names; with `\"params\": {\"predict_method\": \"predict_proba\"}` their \
                 probabilities"
                    .to_owned()
            },
            quoted_sample: sample.replace('\'', "'\\''"),
            sample,
            types: typescript::types(model),
            classes: serde_json::Value::from(classes.to_vec()).to_string(),
            outputs: model.schema.task.n_outputs().to_string(),
        }
    }

    /// A text with all values in it.
    pub fn fill(&self, target: Target, text: &str) -> String {
        let address = target.facts().address.unwrap_or_default();
        let place_of_variables = match target {
            Target::Vercel => " of the project",
            Target::Cloudflare => ", `vars` of `wrangler.jsonc` or secrets",
            Target::Container => " of the container",
            _ => "",
        };
        let text = whole(text);
        let value = |place: &str| match place {
            "address" => address,
            "where" => place_of_variables,
            "name" => &self.name,
            "version" => &self.version,
            "tag" => &self.tag,
            "memory" => &self.memory,
            "library" => &self.library,
            "outputs" => &self.outputs,
            "answer" => &self.answer,
            "about" => &self.about,
            "classes" => &self.classes,
            "types" => &self.types,
            "sample" => &self.sample,
            "sample in quotes" => &self.quoted_sample,
            _ => "",
        };
        filled(&text, value)
    }
}

/// Every `{{place}}` as its value; what a value holds is not looked at again.
fn filled<'a>(text: &str, value: impl Fn(&str) -> &'a str) -> String {
    let mut parts = text.split("{{");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        if let Some((place, rest)) = part.split_once("}}") {
            out.push_str(value(place));
            out.push_str(rest);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_not_filled_in_themselves() {
        let value = |place: &str| if place == "a" { "{{b}}" } else { "B" };
        assert_eq!(filled("x {{a}} y {{b}}\n", value), "x {{b}} y B\n");
    }

    #[test]
    fn every_place_in_a_text_has_a_value() {
        const KNOWN: [&str; 14] = [
            "address",
            "where",
            "name",
            "version",
            "tag",
            "memory",
            "library",
            "outputs",
            "answer",
            "about",
            "classes",
            "types",
            "sample",
            "sample in quotes",
        ];
        for target in Target::ALL {
            for (path, text) in of(target) {
                let text = whole(text);
                for part in text.split("{{").skip(1) {
                    let place = part.split("}}").next().unwrap();
                    assert!(KNOWN.contains(&place), "{}: {path}: {place}", target.name());
                }
            }
        }
    }
}
