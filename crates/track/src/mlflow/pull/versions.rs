//! Versions that come in: those of the experiment's runs whose files have a model of ours.

use serde_json::Value;

use super::{Ask, Pull};
use crate::limits;
use crate::mlflow::keys::shortened;
use crate::mlflow::push::store_path;
use crate::mlflow::{Result, retry};
use crate::registry::{MODEL_PATH, NewVersion};
use crate::workspace::Workspace;

/// A version at the server.
#[derive(Debug, Clone)]
pub struct Found {
    pub name: String,
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
    pub(super) fn some_versions(&mut self, answer: &mut Value) -> Vec<Ask> {
        let versions = retry::list(answer, "model_versions");
        let found: Vec<Found> = versions.iter().filter_map(|one| self.found(one)).collect();
        self.progress.total += found.len();
        found.into_iter().map(|found| Ask::Version { found }).collect()
    }

    fn found(&self, version: &Value) -> Option<Found> {
        let run = self.ids.get(version["run_id"].as_str()?)?.clone();
        let number = match &version["version"] {
            Value::Number(number) => number.to_string(),
            version => version.as_str()?.to_owned(),
        };
        Some(Found {
            name: version["name"].as_str()?.to_owned(),
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
        let before = workspace.n_versions(&found.name)?;
        let new = NewVersion {
            name: found.name.clone(),
            run: Some(found.run.clone()),
            path: None,
            description: shortened(&found.description, limits::TEXT),
        };
        let version = workspace.register(&self.stamp, &new, Some(bytes))?;
        let sent = crate::mlflow::sent::Sent {
            remote: found.version.clone(),
            state: version.version.to_string(),
        };
        workspace.remember(&self.server, PULLED_VERSION, &found.local(), &sent)?;
        self.pulled.versions += workspace.n_versions(&found.name)? - before;
        Ok(vec![Ask::Model { name: found.name.clone() }])
    }

    /// Description and aliases of a model, where here there are none: which version is used is decided here.
    pub(super) fn take_model(
        &mut self,
        workspace: &mut Workspace,
        name: &str,
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
            let local = format!("{version} {name}");
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

impl Workspace {
    fn n_versions(&self, name: &str) -> Result<usize> {
        let sql =
            "SELECT count(*) FROM versions JOIN models ON models.number = model WHERE name = ?";
        let count: i64 = self
            .db
            .query_row(sql, [name], |row| row.get(0))
            .map_err(crate::error::TrackError::from)?;
        Ok(count as usize)
    }
}
