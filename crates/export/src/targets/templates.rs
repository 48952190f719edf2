//! The texts of every target. What stands in `{{…}}` is filled in.

use hedgerow_model::Model;

use super::{File, Target, sample, typescript};
use crate::Description;

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

/// All paths and texts of a target, in parts; services that record have more.
pub fn all(target: Target, records: bool) -> [&'static [(&'static str, &'static str)]; 3] {
    let server: &[_] = if target == Target::Container { &[("main.mjs", SERVER)] } else { &[] };
    [of(target), server, if records { MONITORING } else { &[] }]
}

/// Paths and texts of a router.
pub const ROUTER: &[(&str, &str)] = &[
    ("main.mjs", include_str!("../../templates/router/main.mjs")),
    ("worker.mjs", include_str!("../../templates/router/worker.mjs")),
    ("wrangler.jsonc", include_str!("../../templates/router/wrangler.jsonc")),
    ("worker.capnp", include_str!("../../templates/router/worker.capnp")),
    ("README.md", include_str!("../../templates/router/README.md")),
    ("monitoring/prometheus.yml", include_str!("../../templates/router/prometheus.yml")),
];

/// Alerts of a router: what stands in `{{…}}` there is Prometheus' own.
pub const ROUTER_ALERTS: &str = include_str!("../../templates/router/alerts.yml");

/// What watches a service that records.
const MONITORING: &[(&str, &str)] =
    &[("monitoring/prometheus.yml", include_str!("../../templates/monitoring/prometheus.yml"))];

/// How a service is asked, and what can be set.
const ASKING: &str = include_str!("../../templates/asking.md");

/// How a module is used from other languages.
const ABI: &str = include_str!("../../templates/abi.md");

/// Requests of Node's servers as the web's standards have them.
const REQUESTS: &str = include_str!("../../templates/requests.mjs");

/// The server that a container has, too.
const SERVER: &str = include_str!("../../templates/node/main.mjs");

/// Memory of a container without a model, in MiB.
const CONTAINER_MEMORY: usize = 192;

/// Parts of texts.
fn whole(text: &str) -> String {
    [("{{asking}}", ASKING), ("{{abi}}", ABI), ("// {{requests}}", REQUESTS)]
        .iter()
        .fold(text.to_owned(), |text, (place, part)| text.replace(place, part.trim_end()))
}

/// What is filled in: every place with its value.
pub struct Values {
    places: Vec<(&'static str, String)>,
    /// Whether the service counts what it sees.
    records: bool,
}

impl Values {
    /// Of a model on a target, whose module or graph has `size` bytes.
    pub fn of(
        target: Target,
        model: &Model,
        description: &Description,
        size: usize,
        records: bool,
    ) -> Self {
        let Description { name, version, library, learner, classes, outputs, .. } = description;
        let sample = sample::row(model);
        let address = target.facts().address.unwrap_or_default();
        let (scheme, host) = address.split_once("://").unwrap_or_default();
        let where_recorded = if records { target } else { Target::Wasm };
        let places = vec![
            ("and drift", if records { ", drift and performance" } else { "" }.to_owned()),
            (
                "but to the webhook",
                if records { " but alarms to the webhook" } else { "" }.to_owned(),
            ),
            ("allow", if records { " --allow-write=recorded" } else { "" }.to_owned()),
            ("kept", kept(where_recorded).to_owned()),
            ("folder", folder(where_recorded).to_owned()),
            ("label in quotes", label(classes)),
            ("address", address.to_owned()),
            ("scheme", scheme.to_owned()),
            ("host", host.to_owned()),
            ("where", place_of_variables(target).to_owned()),
            ("name", (*name).to_owned()),
            ("version", version.clone()),
            // By which an image of a container is told from another.
            ("tag", version.chars().take(12).collect()),
            // A module is there as bytes, as code, and as what an instance has in its memory.
            ("memory", (CONTAINER_MEMORY + 3 * (size >> 20)).next_multiple_of(64).to_string()),
            ("library", (*library).to_owned()),
            ("outputs", outputs.to_string()),
            ("answer", answer(classes).to_owned()),
            (
                "about",
                format!(
                    "A model of the kind `{learner}` that predicts `{}`, {}, trained by Hedgerow {library} \
                     on {} rows.",
                    description.target,
                    if classes.is_empty() { "a number" } else { "a class" },
                    model.provenance.training_data.rows,
                ),
            ),
            ("classes", serde_json::Value::from(classes.to_vec()).to_string()),
            ("types", typescript::types(model)),
            // As an argument in single quotes has it.
            ("sample in quotes", sample.replace('\'', "'\\''")),
            ("sample", sample),
        ];
        Self { places, records }
    }

    /// Of a router, beside which there is what `places` has.
    pub fn of_router(places: Vec<(&'static str, String)>, records: bool) -> Self {
        Self { places, records }
    }

    /// Some texts with all values in them, as files beside others.
    pub fn fill_all(&self, texts: &[(&str, &str)], files: &mut Vec<File>) {
        files
            .extend(texts.iter().map(|(path, text)| File::new(path, self.fill(text).into_bytes())));
    }

    /// A text with all values in it.
    pub fn fill(&self, text: &str) -> String {
        let known = |place: &str| self.places.iter().find(|(own, _)| *own == place);
        let text = chosen(&whole(text), self.records);
        filled(&text, |place| known(place).map_or("", |(_, value)| value))
    }
}

/// A text with what stands between `{{recording}}` and `{{end}}` where the service records, and between
/// `{{no recording}}` and `{{end}}` where it does not. The lines of the marks themselves, which may be comments, are left out.
fn chosen(text: &str, records: bool) -> String {
    let mut is_part = true;
    let mut lines = String::new();
    for line in text.split_inclusive('\n') {
        match line.trim().trim_start_matches("// ") {
            "{{recording}}" => is_part = records,
            "{{no recording}}" => is_part = !records,
            "{{end}}" => is_part = true,
            _ if is_part => lines.push_str(line),
            _ => {}
        }
    }
    lines
}

/// Where the variables are set that a service reads.
fn place_of_variables(target: Target) -> &'static str {
    match target {
        Target::Vercel => " of the project",
        Target::Cloudflare => ", `vars` of `wrangler.jsonc` or secrets",
        Target::Container => " of the container",
        _ => "",
    }
}

/// Where counts are kept.
fn kept(target: Target) -> &'static str {
    match target {
        Target::Cloudflare => {
            "Counts of all workers come together in a Durable Object (`Recorded`, with SQLite), one for each version \
             of the model."
        }
        Target::Vercel => {
            "An instance has its counts in its memory, for as long as it lives, and `/profile` is that of the one that \
             answers: fetch it often, or serve the model where files are kept."
        }
        Target::Container => {
            "Counts are kept in the folder `recorded` of the container: mount a volume there (`-v recorded:/app/recorded`) \
             to keep them with another container, one for each."
        }
        _ => "Counts are kept in a file in `recorded`, which one process at a time has.",
    }
}

/// The variable for that.
fn folder(target: Target) -> &'static str {
    match target {
        Target::Deno | Target::Bun | Target::Node | Target::Container => {
            "| `HEDGEROW_RECORDING_FOLDER` | where counts are kept; default `recorded` |"
        }
        _ => "",
    }
}

/// What may turn out to be true, as JSON in single quotes.
pub fn label(classes: &[String]) -> String {
    let label = classes.first().map_or(serde_json::Value::from(0), |name| name.as_str().into());
    label.to_string().replace('\'', "'\\''")
}

/// What a service answers, beside predictions.
fn answer(classes: &[String]) -> &'static str {
    if classes.is_empty() {
        return "";
    }
    ", the classes' names; with `\"params\": {\"predict_method\": \"predict_proba\"}` their probabilities"
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
        const KNOWN: [&str; 25] = [
            "allow",
            "and drift",
            "but to the webhook",
            "kept",
            "folder",
            "label in quotes",
            "scheme",
            "host",
            "recording",
            "no recording",
            "end",
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
            for (path, text) in all(target, true).concat() {
                let text = whole(text);
                for part in text.split("{{").skip(1) {
                    let place = part.split("}}").next().unwrap();
                    assert!(KNOWN.contains(&place), "{}: {path}: {place}", target.name());
                }
            }
        }
    }
}
