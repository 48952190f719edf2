//! What counts the rows of a service, where the model has a training profile to compare them with.

use hedgerow_model::Kind;
use hedgerow_recorder::{Input, Served, embedded};

use super::{File, Kit};
use crate::{Description, ExportError, module};

/// What watches it, and a folder that is empty but for what keeps it so.
const BESIDE: [(&str, &str); 3] = [
    ("monitoring/alerts.yml", include_str!("../../templates/monitoring/alerts.yml")),
    ("monitoring/dashboard.json", include_str!("../../templates/monitoring/dashboard.json")),
    ("recorded/.gitignore", "*\n"),
];

/// The recorder with the model's training profile in it, and the script around it.
pub fn files(
    description: &Description,
    training_profile: &[u8],
    kit: Kit,
) -> Result<Vec<File>, ExportError> {
    let input = |field: &hedgerow_model::Field| Input {
        name: field.name.clone(),
        is_text: matches!(field.kind, Kind::Category | Kind::Text),
    };
    let served = Served {
        inputs: description.features.iter().map(input).collect(),
        classes: description.classes.to_vec(),
        outputs: description.outputs,
    };
    let recorder = module(kit.recorder, &embedded(&served, training_profile))?;
    let file = |(path, bytes): (&str, &[u8])| File { path: path.to_owned(), bytes: bytes.into() };
    let own = [("recorder.wasm", &recorder[..]), ("recording.mjs", kit.recording.as_bytes())];
    let beside = BESIDE.map(|(path, text)| (path, text.as_bytes()));
    Ok(own.into_iter().chain(beside).map(file).collect())
}
