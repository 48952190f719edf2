//! The registry: models, their versions, and aliases.

use serde_json::{Value, json};

use super::Push;
use super::job::{Folder, Host, Job, MODEL_FOLDER, Mark, Step};
use super::runs::{key_values, model_folder, state_of};
use super::steps::{create, read};
use crate::mlflow::http::{HttpRequest, Method};
use crate::mlflow::keys::{self, remote_alias, remote_key, remote_name, shortened};
use crate::mlflow::{MODEL_TAG, Result, VERSION_TAG, retry};
use crate::registry::Version;
use crate::workspace::Workspace;

/// Characters of a description that every server keeps.
const DESCRIPTION: usize = 5_000;

impl Push {
    pub(super) fn find_model(&self, workspace: &Workspace, name: &str) -> Result<Step> {
        if self.known(workspace, "model", name)?.is_some() {
            return Ok(Step::Then(vec![Job::DescribeModel { name: name.to_owned() }]));
        }
        Ok(read("registered-models/get", &[("name", &remote_name(name))]))
    }

    pub(super) fn create_model(&self, workspace: &Workspace, name: &str) -> Result<Step> {
        let description = shortened(&workspace.model(name)?.description, DESCRIPTION);
        let body = json!({ "name": remote_name(name), "description": description });
        Ok(create("registered-models/create", &body))
    }

    /// A description that is empty here leaves the server's alone.
    pub(super) fn describe_model(&self, workspace: &Workspace, name: &str) -> Result<Step> {
        let description = shortened(&workspace.model(name)?.description, DESCRIPTION);
        if description.is_empty() && self.known(workspace, "description", name)?.is_none() {
            return Ok(Step::Then(Vec::new()));
        }
        let body = json!({ "name": remote_name(name), "description": description });
        let request = HttpRequest::json(Method::Patch, "registered-models/update", &body);
        self.unless_sent(workspace, "description", name.to_owned(), request)
    }

    /// All parts of a version, once it is at the server.
    pub(super) fn version(&self, workspace: &Workspace, name: &str, number: i64) -> Result<Step> {
        let version = workspace.version(name, number)?;
        let folder = self.version_folder(workspace, &version)?;
        let host = folder.host.clone();
        let name = || name.to_owned();
        if self.known(workspace, "run", &host.local(workspace)?)?.is_none() {
            return Ok(Step::Then(vec![
                Job::FindRun { host },
                Job::Version { name: name(), number },
            ]));
        }
        if self.known(workspace, "version", &version.id)?.is_none() {
            let mut jobs = vec![Job::Folder { folder }];
            if matches!(host, Host::Version { .. }) {
                jobs.push(Job::End { host });
            }
            jobs.push(Job::FindVersion { name: name(), number });
            jobs.push(Job::Version { name: name(), number });
            return Ok(Step::Then(jobs));
        }
        let mut jobs = vec![Job::DescribeVersion { name: name(), number }];
        let mut tags: Vec<String> = version.tags.keys().cloned().collect();
        // What was taken away here is taken away there.
        let prefix = format!("{} ", version.id);
        for sent in workspace.sent_keys(&self.server, "version tag", &prefix)? {
            let key = sent[prefix.len()..].to_owned();
            if !tags.contains(&key) {
                tags.push(key);
            }
        }
        jobs.extend(tags.into_iter().map(|key| Job::VersionTag { name: name(), number, key }));
        jobs.push(Job::Part);
        Ok(Step::Then(jobs))
    }

    /// The folder of a version: that of its run's model, where it is the same file.
    fn version_folder(&self, workspace: &Workspace, version: &Version) -> Result<Folder> {
        let own = |host, path| Folder {
            host,
            path,
            sha256: version.sha256.clone(),
            created: version.created,
        };
        let Some(id) = &version.run else {
            let host = Host::Version { name: version.name.clone(), number: version.version };
            return Ok(own(host, MODEL_FOLDER.to_owned()));
        };
        let of_run = model_folder(&workspace.run(id)?);
        let other = || own(Host::Run(id.clone()), format!("models/{}", version.id));
        Ok(of_run.filter(|folder| folder.sha256 == version.sha256).unwrap_or_else(other))
    }

    /// Among the versions of its run, by our tag.
    pub(super) fn find_version(
        &self,
        workspace: &Workspace,
        name: &str,
        number: i64,
    ) -> Result<Step> {
        let folder = self.version_folder(workspace, &workspace.version(name, number)?)?;
        let run = self.remote_run(workspace, &folder.host)?.remote;
        let filter = format!("run_id = '{run}'");
        Ok(read("model-versions/search", &[("filter", &filter), ("max_results", "1000")]))
    }

    pub(super) fn found_version(
        &self,
        workspace: &mut Workspace,
        name: &str,
        number: i64,
        mut answer: Value,
    ) -> Result<Vec<Job>> {
        let id = workspace.version(name, number)?.id;
        let versions = retry::list(&mut answer, "model_versions");
        let ours = |version: &&Value| {
            version["name"] == remote_name(name) && tag_of(version, VERSION_TAG) == Some(&id)
        };
        match versions.iter().find(ours) {
            Some(version) => self.has_version(workspace, name, number, version),
            None => Ok(vec![Job::CreateVersion { name: name.to_owned(), number }]),
        }
    }

    pub(super) fn create_version(
        &self,
        workspace: &Workspace,
        name: &str,
        number: i64,
    ) -> Result<Step> {
        let version = workspace.version(name, number)?;
        let folder = self.version_folder(workspace, &version)?;
        let run = self.remote_run(workspace, &folder.host)?;
        let mut tags = vec![(VERSION_TAG.to_owned(), version.id)];
        if remote_name(name) != name {
            tags.push((MODEL_TAG.to_owned(), name.to_owned()));
        }
        let body = json!({
            "name": remote_name(name),
            "source": format!("{}/{}", run.state, folder.path),
            "run_id": run.remote,
            "tags": key_values(&tags),
        });
        Ok(create("model-versions/create", &body))
    }

    /// Remembers the number of a version at the server.
    pub(super) fn has_version(
        &self,
        workspace: &mut Workspace,
        name: &str,
        number: i64,
        version: &Value,
    ) -> Result<Vec<Job>> {
        let id = workspace.version(name, number)?.id;
        let remote = match &version["version"] {
            Value::Number(number) => number.to_string(),
            _ => retry::text(version, "/version")?,
        };
        self.keep(workspace, "version", &id, remote, String::new())?;
        Ok(Vec::new())
    }

    fn remote_version(&self, workspace: &Workspace, name: &str, number: i64) -> Result<String> {
        let id = workspace.version(name, number)?.id;
        Ok(self.known(workspace, "version", &id)?.unwrap_or_default().remote)
    }

    pub(super) fn describe_version(
        &self,
        workspace: &Workspace,
        name: &str,
        number: i64,
    ) -> Result<Step> {
        let version = workspace.version(name, number)?;
        let known = self.known(workspace, "version description", &version.id)?;
        if version.description.is_empty() && known.is_none() {
            return Ok(Step::Then(Vec::new()));
        }
        let body = json!({
            "name": remote_name(name),
            "version": self.remote_version(workspace, name, number)?,
            "description": shortened(&version.description, DESCRIPTION),
        });
        let request = HttpRequest::json(Method::Patch, "model-versions/update", &body);
        self.unless_sent(workspace, "version description", version.id, request)
    }

    /// A tag; one that was taken away becomes empty, as it is when taken away here.
    pub(super) fn version_tag(
        &self,
        workspace: &Workspace,
        name: &str,
        number: i64,
        key: &str,
    ) -> Result<Step> {
        let version = workspace.version(name, number)?;
        let value = version.tags.get(key).map_or("", String::as_str);
        let body = json!({
            "name": remote_name(name),
            "version": self.remote_version(workspace, name, number)?,
            "key": remote_key(key),
            "value": shortened(value, keys::TAG),
        });
        let request = HttpRequest::post("model-versions/set-tag", &body);
        self.unless_sent(workspace, "version tag", format!("{} {key}", version.id), request)
    }

    /// All aliases, and those that were taken away.
    pub(super) fn aliases(&self, workspace: &Workspace, name: &str) -> Result<Step> {
        let here: Vec<String> =
            workspace.model(name)?.aliases.into_iter().map(|alias| alias.alias).collect();
        let prefix = alias_key(name, "");
        let sent = workspace.sent_keys(&self.server, "alias", &prefix)?;
        let gone = sent.iter().map(|key| key[prefix.len()..].to_owned());
        let gone = gone.filter(|alias| !here.contains(alias)).collect::<Vec<_>>();
        let name = || name.to_owned();
        let mut jobs: Vec<Job> =
            gone.into_iter().map(|alias| Job::RemoveAlias { name: name(), alias }).collect();
        jobs.extend(here.into_iter().map(|alias| Job::Alias { name: name(), alias }));
        Ok(Step::Then(jobs))
    }

    /// None where the version was not pushed.
    pub(super) fn alias(&self, workspace: &Workspace, name: &str, alias: &str) -> Result<Step> {
        let number = workspace.aliased(name, alias)?;
        let version = self.remote_version(workspace, name, number)?;
        if version.is_empty() {
            return Ok(Step::Then(Vec::new()));
        }
        let body =
            json!({ "name": remote_name(name), "alias": remote_alias(alias), "version": version });
        let mark = Mark { kind: "alias", local: alias_key(name, alias), state: state_of(&version) };
        let request = || Ok(HttpRequest::post("registered-models/alias", &body));
        self.unless_marked(workspace, mark, request)
    }

    pub(super) fn remove_alias(&self, name: &str, alias: &str) -> Step {
        let body = json!({ "name": remote_name(name), "alias": remote_alias(alias) });
        let request = HttpRequest::json(Method::Delete, "registered-models/alias", &body);
        Step::Send { request, mark: None }
    }
}

/// By what an alias is remembered: no name has a line's end behind which it goes on as another's alias.
pub fn alias_key(name: &str, alias: &str) -> String {
    format!("{} {alias}", state_of(name))
}

/// The value of a tag in a list of them.
pub fn tag_of<'v>(of: &'v Value, key: &str) -> Option<&'v str> {
    let tags = of.get("tags")?.as_array()?;
    tags.iter().find(|tag| tag["key"] == key)?.get("value")?.as_str()
}
