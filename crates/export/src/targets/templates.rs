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
        Target::Onnx => texts!("onnx", "README.md"),
    }
}

/// How a service is asked, and what can be set.
const ASKING: &str = include_str!("../../templates/asking.md");

/// What is filled in.
pub struct Values {
    name: String,
    version: String,
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
    pub fn of(model: &Model, name: &str) -> Self {
        let provenance = &model.provenance;
        let classes = model.schema.task.classes();
        let target = &model.schema.target.name;
        let sample = sample::row(model);
        let what = if classes.is_empty() { "a number" } else { "a class" };
        Self {
            name: name.to_owned(),
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
            _ => "",
        };
        let text = text.replace("{{asking}}", ASKING.trim_end());
        let value = |place: &str| match place {
            "address" => address,
            "where" => place_of_variables,
            "name" => &self.name,
            "version" => &self.version,
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
        const KNOWN: [&str; 12] = [
            "address",
            "where",
            "name",
            "version",
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
                let text = text.replace("{{asking}}", ASKING);
                for part in text.split("{{").skip(1) {
                    let place = part.split("}}").next().unwrap();
                    assert!(KNOWN.contains(&place), "{}: {path}: {place}", target.name());
                }
            }
        }
    }
}
