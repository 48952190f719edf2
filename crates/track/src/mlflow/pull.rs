//! A pull: what an experiment at a server has and the workspace has not.
//!
//! A run comes in whole, when all of it was answered: so a pull that was cut goes on with the run at which
//! it was. A run that was pushed from a workspace is the same run here; the id of any other is a hash of
//! MLflow's. So pulling twice changes nothing.

mod runs;
mod versions;

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::http::{HttpRequest, HttpResponse, Next, Progress};
use super::retry::{self, Asked, Retry, Verdict};
use super::{MlflowError, Result};
use crate::workspace::{Stamp, Workspace};
use runs::Incoming;
use versions::Found;

/// As what the workspace remembers a run that came from a server, which is not pushed there again.
pub const PULLED: &str = "pulled";

/// Runs, or versions, asked for at a time.
const PAGE: usize = 200;
/// Points asked for at a time.
const POINTS: &str = "25000";

/// What a pull took in that was not here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Pulled {
    pub runs: usize,
    pub points: usize,
    pub versions: usize,
    /// Runs that still run there, and are left.
    pub running: usize,
    /// Versions whose files have no `model.safetensors`.
    pub others: usize,
}

/// A pull from one server.
#[derive(Debug)]
pub struct Pull {
    server: String,
    experiment: String,
    stamp: Stamp,
    queue: VecDeque<Ask>,
    flight: Option<Asked>,
    retry: Retry,
    /// The run that is coming in.
    incoming: Option<Incoming>,
    /// Ids here by those at the server.
    ids: BTreeMap<String, String>,
    /// Runs that came before the run that they are part of, by that one's id at the server.
    waiting: BTreeMap<String, Vec<Value>>,
    progress: Progress,
    pulled: Pulled,
}

/// What to ask for.
#[derive(Debug, Clone)]
enum Ask {
    Experiment,
    Runs {
        experiment: String,
        token: String,
    },
    Run {
        run: Value,
        /// Without it where that did not come.
        waits_for_parent: bool,
    },
    /// Runs whose parent did not come.
    Orphans,
    /// Whether there is a record of ours.
    Files,
    Record,
    History {
        key: String,
        token: String,
    },
    TakeRun,
    Versions {
        token: String,
    },
    Version {
        found: Found,
    },
    VersionFiles {
        found: Found,
    },
    VersionFile {
        found: Found,
    },
    Model {
        name: String,
        model: String,
    },
}

impl Pull {
    /// A pull of an experiment, by its name, from the server at an address.
    pub fn new(server: &str, experiment: &str, stamp: Stamp) -> Self {
        Self {
            server: server.trim_end_matches('/').to_owned(),
            experiment: experiment.to_owned(),
            stamp,
            queue: VecDeque::from([Ask::Experiment]),
            flight: None,
            retry: Retry::default(),
            incoming: None,
            ids: BTreeMap::new(),
            waiting: BTreeMap::new(),
            progress: Progress::default(),
            pulled: Pulled::default(),
        }
    }

    /// How far it is.
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// What it took in so far.
    pub fn pulled(&self) -> &Pulled {
        &self.pulled
    }

    /// It goes on with what another pull of the same took in; what is left is seen again.
    pub(super) fn count_from(&mut self, pulled: Pulled) {
        self.pulled = Pulled { running: 0, others: 0, ..pulled };
    }

    /// What to do next; never [`Next::Export`].
    ///
    /// # Errors
    /// What storage refuses.
    pub fn next(&mut self, workspace: &mut Workspace) -> Result<Next> {
        if let Some(seconds) = self.retry.wait() {
            return Ok(Next::Wait { seconds });
        }
        while let Some(ask) = self.queue.front().cloned() {
            if let Some(request) = self.request(&ask)? {
                self.flight = Some(Asked::from(&request));
                return Ok(Next::Send(request));
            }
            let asks = self.without_request(workspace, ask)?;
            self.replace(asks);
        }
        Ok(Next::Done)
    }

    /// Takes the answer to the request that `next` gave.
    ///
    /// # Errors
    /// What the server refuses, and failures that did not go away; what storage refuses.
    pub fn answer(&mut self, workspace: &mut Workspace, response: &HttpResponse) -> Result<()> {
        let Some(asked) = self.flight.take() else { return Ok(()) };
        let Some(ask) = self.queue.front().cloned() else { return Ok(()) };
        self.progress.requests += 1;
        match self.retry.judge(&asked, response)? {
            Verdict::Again => return Ok(()),
            Verdict::Refused { code, message } => return Err(self.refused(&ask, code, message)),
            Verdict::Good => {}
        }
        let asks = self.arrived(workspace, ask, response)?;
        self.retry.succeeded();
        self.replace(asks);
        Ok(())
    }

    /// There was no answer: the line was cut, or the time was up.
    ///
    /// # Errors
    /// [`MlflowError::Unreachable`] where that happened too often.
    pub fn failed(&mut self, reason: &str) -> Result<()> {
        self.flight = None;
        self.retry.lost(reason)
    }

    fn refused(&self, ask: &Ask, code: String, message: String) -> MlflowError {
        if matches!(ask, Ask::Experiment) && code == "RESOURCE_DOES_NOT_EXIST" {
            return MlflowError::Missing { what: "experiment", name: self.experiment.clone() };
        }
        MlflowError::Refused { code, message }
    }

    fn replace(&mut self, asks: Vec<Ask>) {
        self.queue.pop_front();
        for ask in asks.into_iter().rev() {
            self.queue.push_front(ask);
        }
    }

    fn request(&self, ask: &Ask) -> Result<Option<HttpRequest>> {
        Ok(Some(match ask {
            Ask::Experiment => HttpRequest::get(
                "experiments/get-by-name",
                &[("experiment_name", &self.experiment)],
            ),
            Ask::Runs { experiment, token } => {
                let mut body = json!({
                    "experiment_ids": [experiment],
                    "max_results": PAGE,
                    "order_by": ["attributes.start_time ASC"],
                });
                if !token.is_empty() {
                    body["page_token"] = token.clone().into();
                }
                HttpRequest::post("runs/search", &body)
            }
            Ask::Files => HttpRequest::list(&self.incoming()?.folder()?),
            Ask::Record => HttpRequest::download(&self.incoming()?.record_path()?),
            Ask::History { key, token } => {
                let run = &self.incoming()?.remote;
                let mut query =
                    vec![("run_id", run.as_str()), ("metric_key", key), ("max_results", POINTS)];
                if !token.is_empty() {
                    query.push(("page_token", token));
                }
                HttpRequest::get("metrics/get-history", &query)
            }
            Ask::Versions { token } => {
                let size = PAGE.to_string();
                let mut query = vec![("max_results", size.as_str())];
                if !token.is_empty() {
                    query.push(("page_token", token));
                }
                HttpRequest::get("model-versions/search", &query)
            }
            Ask::Version { found } => HttpRequest::get(
                "model-versions/get-download-uri",
                &[("name", &found.name), ("version", &found.version)],
            ),
            Ask::VersionFiles { found } => HttpRequest::list(&found.folder),
            Ask::VersionFile { found } => HttpRequest::download(&found.file()),
            Ask::Model { name, .. } => HttpRequest::get("registered-models/get", &[("name", name)]),
            Ask::Run { .. } | Ask::Orphans | Ask::TakeRun => return Ok(None),
        }))
    }

    fn without_request(&mut self, workspace: &mut Workspace, ask: Ask) -> Result<Vec<Ask>> {
        match ask {
            Ask::Run { run, waits_for_parent } => self.some_run(workspace, run, waits_for_parent),
            Ask::Orphans => Ok(self.orphans()),
            Ask::TakeRun => self.take_run(workspace),
            _ => Ok(Vec::new()),
        }
    }

    fn arrived(
        &mut self,
        workspace: &mut Workspace,
        ask: Ask,
        response: &HttpResponse,
    ) -> Result<Vec<Ask>> {
        match ask {
            Ask::Record => {
                self.incoming_mut()?.read_record(&response.body);
                Ok(Vec::new())
            }
            Ask::VersionFile { found } => self.take_version(workspace, &found, &response.body),
            ask => self.told(workspace, ask, retry::json(response)?),
        }
    }

    /// An answer in JSON.
    fn told(&mut self, workspace: &mut Workspace, ask: Ask, mut answer: Value) -> Result<Vec<Ask>> {
        match ask {
            Ask::Experiment => {
                let experiment = retry::text(&answer, "/experiment/experiment_id")?;
                let token = String::new();
                let runs = Ask::Runs { experiment, token: token.clone() };
                Ok(vec![runs, Ask::Orphans, Ask::Versions { token }])
            }
            Ask::Runs { experiment, token } => {
                let mut asks = self.some_runs(&mut answer);
                let next = next_page(&answer, &token)?;
                asks.extend(next.map(|token| Ask::Runs { experiment, token }));
                Ok(asks)
            }
            Ask::Files => {
                let ours = has_file(&mut answer, "run.json");
                Ok(if ours { vec![Ask::Record] } else { Vec::new() })
            }
            Ask::History { key, token } => {
                self.incoming_mut()?.add_points(&mut answer)?;
                let next = next_page(&answer, &token)?;
                Ok(next.map(|token| Ask::History { key, token }).into_iter().collect())
            }
            Ask::Versions { token } => {
                let mut asks = self.some_versions(workspace, &mut answer)?;
                asks.extend(next_page(&answer, &token)?.map(|token| Ask::Versions { token }));
                Ok(asks)
            }
            Ask::Version { found } => self.version_at(found, &answer),
            Ask::VersionFiles { found } => {
                if has_file(&mut answer, crate::registry::MODEL_PATH) {
                    return Ok(vec![Ask::VersionFile { found }]);
                }
                self.pulled.others += 1;
                Ok(Vec::new())
            }
            Ask::Model { name, model } => self.take_model(workspace, (&name, &model), &answer),
            _ => Ok(Vec::new()),
        }
    }

    fn incoming(&self) -> Result<&Incoming> {
        self.incoming.as_ref().ok_or_else(out_of_turn)
    }

    fn incoming_mut(&mut self) -> Result<&mut Incoming> {
        self.incoming.as_mut().ok_or_else(out_of_turn)
    }
}

fn out_of_turn() -> MlflowError {
    MlflowError::Answer { reason: "it came out of turn".to_owned() }
}

/// The token of the page after that of a token; a server that gives the same one again would never end.
fn next_page(answer: &Value, token: &str) -> Result<Option<String>> {
    match answer.get("next_page_token").and_then(Value::as_str) {
        None | Some("") => Ok(None),
        Some(next) if next == token => {
            Err(MlflowError::Answer { reason: "the page after it is the same page".to_owned() })
        }
        Some(next) => Ok(Some(next.to_owned())),
    }
}

/// Whether a list of files has one of a name, by the last part of its path.
fn has_file(answer: &mut Value, name: &str) -> bool {
    retry::list(answer, "files")
        .iter()
        .any(|file| file["path"].as_str().is_some_and(|path| path.rsplit('/').next() == Some(name)))
}

/// A whole number, which is a text in some servers' JSON.
fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}
