//! Versions that come in: those of the experiment's runs whose files have a model of ours.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Ask, Pull};
use crate::limits;
use crate::mlflow::keys::shortened;
use crate::mlflow::push::{store_path, tag_of};
use crate::mlflow::sent::Sent;
use crate::mlflow::{MODEL_TAG, Result, VERSION_TAG, retry};
use crate::registry::{MODEL_PATH, NewVersion};
use crate::workspace::Workspace;

/// A version at the server.
#[derive(Debug, Clone)]
pub struct Found {
    pub name: String,
    /// What its model is called here.
    pub model: String,
    tags: BTreeMap<String, String>,
    pub version: String,
    /// The run here.
    run: String,
    description: String,
    /// Where its files are in the server's store.
    pub folder: String,
}

impl Found {
    pub fn file(&self) -> String {
        format!("{}/{MODEL_PATH}", self.folder)
    }

    /// As what it is remembered.
    fn local(&self) -> String {
        format!("{} {}", self.version, self.name)
    }
}

/// As what the workspace remembers a version that came from a server.
const PULLED_VERSION: &str = "pulled version";

impl Pull {
    /// Versions of a page that are not here.
    pub(super) fn some_versions(
        &mut self,
        workspace: &Workspace,
        answer: &mut Value,
    ) -> Result<Vec<Ask>> {
        let mut asks = Vec::new();
        for version in retry::list(answer, "model_versions") {
            let Some(found) = self.found(&version) else { continue };
            let own = tag_of(&version, VERSION_TAG).unwrap_or_default();
            let pulled = workspace.sent(&self.server, PULLED_VERSION, &found.local())?;
            if pulled.is_none() && !workspace.has_version(own)? {
                asks.push(Ask::Version { found });
            }
        }
        self.progress.total += asks.len();
        Ok(asks)
    }

    fn found(&self, version: &Value) -> Option<Found> {
        let run = self.ids.get(version["run_id"].as_str()?)?.clone();
        let number = match &version["version"] {
            Value::Number(number) => number.to_string(),
            version => version.as_str()?.to_owned(),
        };
        Some(Found {
            name: version["name"].as_str()?.to_owned(),
            model: tag_of(version, MODEL_TAG).or(version["name"].as_str())?.to_owned(),
            tags: tags(version),
            version: number,
            run,
            description: version["description"].as_str().unwrap_or_default().to_owned(),
            folder: String::new(),
        })
    }

    pub(super) fn version_at(&mut self, found: Found, answer: &Value) -> Result<Vec<Ask>> {
        self.progress.done += 1;
        self.progress.at = format!("{} {}", found.name, found.version);
        let uri = retry::text(answer, "/artifact_uri")?;
        match store_path(&uri) {
            Ok(folder) => Ok(vec![Ask::VersionFiles { found: Found { folder, ..found } }]),
            Err(_) => {
                self.pulled.others += 1;
                Ok(Vec::new())
            }
        }
    }

    pub(super) fn take_version(
        &mut self,
        workspace: &mut Workspace,
        found: &Found,
        bytes: &[u8],
    ) -> Result<Vec<Ask>> {
        if !is_ours(bytes) {
            self.pulled.others += 1;
            return Ok(Vec::new());
        }
        let before = workspace.n_versions(&found.model)?;
        let new = NewVersion {
            name: found.model.clone(),
            run: Some(found.run.clone()),
            path: None,
            description: shortened(&found.description, limits::TEXT),
        };
        let number = workspace.register(&self.stamp, &new, Some(bytes))?.version;
        if workspace.n_versions(&found.model)? > before {
            self.pulled.versions += 1;
            workspace.tag_version(&self.stamp, &found.model, number, &found.tags)?;
        }
        let sent = Sent { remote: found.version.clone(), state: number.to_string() };
        workspace.remember(&self.server, PULLED_VERSION, &found.local(), &sent)?;
        Ok(vec![Ask::Model { name: found.name.clone(), model: found.model.clone() }])
    }

    /// Description and aliases of a model, where here there are none: which version is used is decided here.
    pub(super) fn take_model(
        &mut self,
        workspace: &mut Workspace,
        (remote, name): (&str, &str),
        answer: &Value,
    ) -> Result<Vec<Ask>> {
        let model = &answer["registered_model"];
        let here = workspace.model(name)?;
        let description = model["description"].as_str().unwrap_or_default();
        if here.description.is_empty() && !description.is_empty() {
            let description = shortened(description, limits::TEXT);
            workspace.describe_model(&self.stamp, name, &description)?;
        }
        let moved = workspace.moves(name)?;
        for alias in model["aliases"].as_array().into_iter().flatten() {
            let (Some(text), Some(version)) = (alias["alias"].as_str(), alias.get("version"))
            else {
                continue;
            };
            let version = version.as_str().map_or_else(|| version.to_string(), str::to_owned);
            let local = format!("{version} {remote}");
            let known = workspace.sent(&self.server, PULLED_VERSION, &local)?;
            let number = known.and_then(|known| known.state.parse().ok());
            if let Some(number) = number
                && moved.iter().all(|one| one.alias != text)
            {
                let reason = format!("as at {}", self.server);
                workspace.promote(&self.stamp, name, number, text, &reason)?;
            }
        }
        Ok(Vec::new())
    }
}

/// Whether a file says of itself that it is a model of ours; whether it is a sound one, its reader sees.
fn is_ours(bytes: &[u8]) -> bool {
    let header = || {
        let (length, rest) = bytes.split_first_chunk()?;
        let header = rest.get(..usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
        serde_json::from_slice::<Value>(header)
            .ok()?
            .pointer("/__metadata__/hedgerow")?
            .as_str()
            .map(drop)
    };
    header().is_some()
}

/// Tags of a version, but for those that are ours.
fn tags(version: &Value) -> BTreeMap<String, String> {
    let mut tags = BTreeMap::new();
    for tag in version["tags"].as_array().into_iter().flatten() {
        let (Some(key), Some(value)) = (tag["key"].as_str(), tag["value"].as_str()) else {
            continue;
        };
        if !matches!(key, MODEL_TAG | VERSION_TAG) && !value.is_empty() {
            tags.insert(shortened(key, limits::KEY), shortened(value, limits::TAG));
        }
    }
    tags
}
