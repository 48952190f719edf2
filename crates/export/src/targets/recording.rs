//! What counts the rows of a service, where the model has a training profile to compare them with.

use hedgerow_model::Kind;
use hedgerow_recorder::{Input, Served, embedded};

use super::{File, Kit};
use crate::{Description, ExportError, module};

/// What watches it.
const BESIDE: [(&str, &str); 2] = [
    ("monitoring/alerts.yml", include_str!("../../templates/monitoring/alerts.yml")),
    ("monitoring/dashboard.json", include_str!("../../templates/monitoring/dashboard.json")),
];

/// The recorder with the model's training profile in it.
pub fn recorder(
    description: &Description,
    training_profile: &[u8],
    kit: Kit,
) -> Result<Vec<u8>, ExportError> {
    let input = |field: &hedgerow_model::Field| Input {
        name: field.name.clone(),
        is_text: matches!(field.kind, Kind::Category | Kind::Text),
    };
    let served = Served {
        inputs: description.features.iter().map(input).collect(),
        classes: description.classes.to_vec(),
        outputs: description.outputs,
    };
    module(kit.recorder, &embedded(&served, training_profile))
}

/// The script around recorders, and what else stands beside them.
pub fn beside(kit: Kit) -> Vec<File> {
    let mut files = vec![File::text("recording.mjs", kit.recording), kept()];
    files.extend(BESIDE.map(|(path, text)| File::text(path, text)));
    files
}

/// A folder for counts, empty but for what keeps it so.
pub fn kept() -> File {
    File::text("recorded/.gitignore", "*\n")
}
