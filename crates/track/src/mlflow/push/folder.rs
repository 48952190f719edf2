//! A model as the folder that MLflow loads and serves: the flavours `onnx` and `python_function`.
//!
//! MLflow's own loader of ONNX files has no answer for labels beside probabilities, nor for what is missing,
//! so `code/hedgerow_onnx.py` is the loader. All is made of the model alone: the same model, the same bytes.

use hedgerow_model::{CivilDate, Field, Kind, MILLIS_PER_DAY, sha256_hex};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Push;
use super::job::{Folder, Job, Mark, Step};
use crate::mlflow::Result;
use crate::mlflow::http::HttpRequest;
use crate::registry::MODEL_PATH;
use crate::workspace::Workspace;

/// What whoever drives a push makes of a model file; but for the bytes, as `Description` of an export has it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Exported {
    /// The ONNX file. Not in JSON: bytes go beside it.
    #[serde(skip)]
    pub onnx: Vec<u8>,
    /// What it predicts.
    pub target: String,
    /// Labels in their order; none where it predicts numbers.
    pub classes: Vec<String>,
    /// The raw columns it reads.
    pub features: Vec<Field>,
}

/// The Python module that loads the folder.
pub const LOADER: &str = "hedgerow_onnx";

const MLMODEL: &str = "MLmodel";
/// In the order in which they are sent: a folder with its `MLmodel` is complete.
const NAMES: [&str; 8] = [
    MODEL_PATH,
    "model.onnx",
    "columns.json",
    "code/hedgerow_onnx.py",
    "requirements.txt",
    "python_env.yaml",
    "conda.yaml",
    MLMODEL,
];

const REQUIREMENTS: [&str; 5] = ["mlflow>=2.19", "numpy", "onnx", "onnxruntime>=1.20", "pandas"];

impl Push {
    /// The files of a model, unless all of them are there.
    pub(super) fn folder(&self, workspace: &Workspace, folder: &Folder) -> Result<Step> {
        let mark = folder_mark(workspace, folder)?;
        let known = self.known(workspace, mark.kind, &mark.local)?;
        if known.is_some_and(|known| known.state == mark.state) {
            return Ok(Step::Then(Vec::new()));
        }
        let names: &[&'static str] = match &self.export {
            Some((sha256, Some(_))) if *sha256 == folder.sha256 => &NAMES,
            Some((sha256, None)) if *sha256 == folder.sha256 => &NAMES[..1],
            _ => return Ok(Step::Export { sha256: folder.sha256.clone() }),
        };
        let file = |name: &&'static str| Job::File { folder: folder.clone(), name };
        Ok(Step::Then(names.iter().map(file).collect()))
    }

    pub(super) fn file(
        &self,
        workspace: &Workspace,
        folder: &Folder,
        name: &'static str,
    ) -> Result<Step> {
        let exported = match &self.export {
            Some((sha256, exported)) if *sha256 == folder.sha256 => exported.as_ref(),
            _ => return Ok(Step::Then(vec![Job::Folder { folder: folder.clone() }])),
        };
        let bytes = match (name, exported) {
            (MODEL_PATH, _) => workspace.blob(&folder.sha256)?,
            (_, Some(exported)) => contents(folder, exported, name),
            (_, None) => return Ok(Step::Then(Vec::new())),
        };
        let last = exported.is_none() || name == MLMODEL;
        let mark = if last {
            folder_mark(workspace, folder)?
        } else {
            let local = format!("{} {}/{name}", folder.host.local(workspace)?, folder.path);
            Mark { kind: "file", local, state: sha256_hex(&bytes) }
        };
        let to = self.artifact_path(workspace, &folder.host, &format!("{}/{name}", folder.path))?;
        self.unless_marked(workspace, mark, || Ok(HttpRequest::upload(&to, bytes)))
    }
}

/// The mark of the last file is that of the folder.
fn folder_mark(workspace: &Workspace, folder: &Folder) -> Result<Mark> {
    let local = format!("{} {}", folder.host.local(workspace)?, folder.path);
    Ok(Mark { kind: "folder", local, state: folder.sha256.clone() })
}

fn contents(folder: &Folder, exported: &Exported, name: &str) -> Vec<u8> {
    match name {
        "model.onnx" => exported.onnx.clone(),
        "columns.json" => columns(exported).into_bytes(),
        "code/hedgerow_onnx.py" => include_bytes!("hedgerow_onnx.py").to_vec(),
        "requirements.txt" => lines(REQUIREMENTS.iter().map(|name| (*name).to_owned())),
        "python_env.yaml" => lines([
            "python: \"3.11\"".to_owned(),
            "dependencies:".to_owned(),
            "  - -r requirements.txt".to_owned(),
        ]),
        "conda.yaml" => conda(),
        _ => mlmodel(folder, exported).into_bytes(),
    }
}

fn lines(lines: impl IntoIterator<Item = String>) -> Vec<u8> {
    lines.into_iter().flat_map(|line| (line + "\n").into_bytes()).collect()
}

fn conda() -> Vec<u8> {
    let head =
        ["name: hedgerow", "channels:", "  - conda-forge", "dependencies:", "  - python=3.11"];
    let pip = ["  - pip", "  - pip:"].map(str::to_owned);
    let names = REQUIREMENTS.iter().map(|name| format!("      - \"{name}\""));
    lines(head.map(str::to_owned).into_iter().chain(pip).chain(names))
}

/// What the loader has to know of the columns.
fn columns(exported: &Exported) -> String {
    let column = |field: &Field| json!({ "name": field.name, "kind": field.kind });
    let columns: Vec<Value> = exported.features.iter().map(column).collect();
    json!({ "target": exported.target, "classes": exported.classes, "columns": columns })
        .to_string()
}

/// A column's type at MLflow, by which its server reads requests. `boolean` would make `false` of what is
/// missing, and `datetime` cannot be read from CSV, so both are the texts that they are there. What `double`
/// and `string` would refuse of a typed frame, the loader lets through.
const fn type_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Number => "double",
        Kind::Boolean | Kind::Date | Kind::Category | Kind::Text => "string",
    }
}

/// The kinds of the columns are in the metadata, too.
fn mlmodel(folder: &Folder, exported: &Exported) -> String {
    // A column must be there; what is missing in it is the model's matter.
    let spec = |kind: &str, name: &str| json!({ "type": kind, "name": name, "required": true });
    let inputs: Vec<Value> =
        exported.features.iter().map(|field| spec(type_of(field.kind), &field.name)).collect();
    let predicted = format!("{}.predicted", exported.target);
    // As the ONNX file has its labels.
    let whole = |class: &String| class.parse().is_ok_and(|n: i64| n.to_string() == *class);
    let kind = match &exported.classes[..] {
        [] => "double",
        classes if classes.iter().all(whole) => "long",
        _ => "string",
    };
    let mut outputs = vec![spec(kind, &predicted)];
    let probability = |class: &String| spec("double", &format!("probability.{class}"));
    outputs.extend(exported.classes.iter().map(probability));
    let text = |value: &Value| quoted(&value.to_string());
    format!(
        "flavors:\n  onnx:\n    code: code\n    data: model.onnx\n    onnx_version: 1.16.0\n    \
         providers:\n    - CPUExecutionProvider\n  python_function:\n    code: code\n    data: .\n    env:\n      \
         conda: conda.yaml\n      virtualenv: python_env.yaml\n    loader_module: {LOADER}\n    \
         python_version: \"3.11\"\nmetadata:\n  hedgerow: {}\nmlflow_version: 2.19.0\n\
         model_size_bytes: {}\nmodel_uuid: {}\nsignature:\n  inputs: {}\n  outputs: {}\n  params: null\n\
         utc_time_created: '{}'\n",
        quoted(&columns(exported)),
        exported.onnx.len(),
        uuid(&folder.sha256),
        text(&inputs.into()),
        text(&outputs.into()),
        time_text(folder.created),
    )
}

/// A text in YAML's double quotes, which are JSON's; what YAML takes as a line's end or for no character
/// is escaped.
fn quoted(text: &str) -> String {
    let odd = |c: char| matches!(c, '\u{7f}'..='\u{a0}' | '\u{2028}' | '\u{2029}' | '\u{feff}'..='\u{ffff}');
    let json = Value::from(text).to_string();
    json.chars()
        .map(|c| if odd(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() })
        .collect()
}

/// The model's identity at MLflow.
pub fn uuid(sha256: &str) -> &str {
    &sha256[..sha256.len().min(32)]
}

/// A time as MLflow writes it.
pub fn time_text(at: i64) -> String {
    let day_length = MILLIS_PER_DAY as i64;
    let CivilDate { year, month, day } = CivilDate::from_days(at.div_euclid(day_length));
    let rest = at.rem_euclid(day_length);
    let (seconds, millis) = (rest / 1_000, rest % 1_000);
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02} {hours:02}:{minutes:02}:{seconds:02}.{millis:03}000")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_mlflow_does() {
        assert_eq!(time_text(1_753_088_430_123), "2025-07-21 09:00:30.123000");
    }
}
