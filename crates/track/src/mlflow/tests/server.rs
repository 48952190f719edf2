//! As much of an MLflow server as pushes and pulls see, in memory.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::mlflow::{HttpRequest, HttpResponse, Method};

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Server {
    pub experiments: Vec<String>,
    /// When it was made.
    pub age: i64,
    /// Whether runs are listed in the order opposite to that in which they were made.
    pub backwards: bool,
    pub runs: Vec<Run>,
    pub files: BTreeMap<String, Vec<u8>>,
    pub models: BTreeMap<String, Model>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Run {
    pub gone: bool,
    pub experiment: String,
    pub info: BTreeMap<String, Value>,
    pub params: BTreeMap<String, String>,
    pub tags: BTreeMap<String, String>,
    /// As MLflow's database: the same point is there once.
    pub metrics: BTreeMap<(String, i64, i64), Value>,
    pub inputs: BTreeMap<String, Value>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Model {
    pub description: String,
    pub versions: Vec<Value>,
    pub aliases: BTreeMap<String, String>,
}

fn ok(body: &Value) -> HttpResponse {
    HttpResponse { status: 200, headers: Vec::new(), body: body.to_string().into_bytes() }
}

pub fn refuse(status: u16, code: &str) -> HttpResponse {
    let body = json!({ "error_code": code, "message": "no." }).to_string().into_bytes();
    HttpResponse { status, headers: Vec::new(), body }
}

fn missing() -> HttpResponse {
    refuse(404, "RESOURCE_DOES_NOT_EXIST")
}

fn exists() -> HttpResponse {
    refuse(400, "RESOURCE_ALREADY_EXISTS")
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            let digits = std::str::from_utf8(&digits).unwrap();
            bytes.push(u8::from_str_radix(digits, 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

impl Server {
    pub fn handle(&mut self, request: &HttpRequest) -> HttpResponse {
        assert!(request.body.len() < 1_000_000 || request.method == Method::Put);
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let query: BTreeMap<&str, String> = pairs.map(|(k, v)| (k, decoded(v))).collect();
        if let Some(path) = path.strip_prefix("api/2.0/mlflow-artifacts/artifacts") {
            return self.artifacts(request, path.trim_start_matches('/'), &query);
        }
        let body = serde_json::from_slice(&request.body).unwrap_or(Value::Null);
        self.call(path.strip_prefix("api/2.0/mlflow/").unwrap(), &query, &body)
    }

    fn artifacts(
        &mut self,
        request: &HttpRequest,
        path: &str,
        query: &BTreeMap<&str, String>,
    ) -> HttpResponse {
        if request.method == Method::Put {
            self.files.insert(decoded(path), request.body.clone());
            return ok(&json!({}));
        }
        if path.is_empty() {
            let prefix = format!("{}/", query["path"]);
            let names = self.files.keys().filter_map(|name| name.strip_prefix(&prefix));
            let files: Vec<Value> = names.map(|name| json!({ "path": name })).collect();
            return ok(&json!({ "files": files }));
        }
        let body = self.files[&decoded(path)].clone();
        HttpResponse { status: 200, headers: Vec::new(), body }
    }

    fn call(&mut self, name: &str, query: &BTreeMap<&str, String>, body: &Value) -> HttpResponse {
        let run = text(&body["run_id"]);
        if let Some(at) = run.strip_prefix('r').and_then(|at| at.parse::<usize>().ok())
            && self.runs[at].gone
        {
            return missing();
        }
        match name {
            "experiments/get-by-name" => {
                match self.experiments.iter().position(|name| *name == query["experiment_name"]) {
                    Some(at) => {
                        let id = (at + 1).to_string();
                        ok(&json!({ "experiment": {
                            "experiment_id": id, "lifecycle_stage": "active",
                            "creation_time": self.age } }))
                    }
                    None => missing(),
                }
            }
            "experiments/create" => {
                if self.experiments.contains(&text(&body["name"])) {
                    return exists();
                }
                self.experiments.push(text(&body["name"]));
                ok(&json!({ "experiment_id": self.experiments.len().to_string() }))
            }
            "runs/search" => self.search_runs(body),
            "runs/create" => self.create_run(body),
            "runs/log-batch" => self.log_batch(body),
            "runs/log-inputs" => {
                let set = &body["datasets"][0];
                let digest = text(&set["dataset"]["digest"]);
                assert!(digest.len() <= 36);
                self.run(body).inputs.insert(digest, set.clone());
                ok(&json!({}))
            }
            "runs/set-tag" => {
                let (key, value) = (text(&body["key"]), text(&body["value"]));
                self.run(body).tags.insert(key, value);
                ok(&json!({}))
            }
            "runs/update" => {
                let run = self.run(body);
                for key in ["status", "end_time"] {
                    run.info.insert(key.to_owned(), body[key].clone());
                }
                ok(&json!({}))
            }
            "metrics/get-history" => self.history(query),
            name => self.registry(name, query, body),
        }
    }

    fn run(&mut self, body: &Value) -> &mut Run {
        let at: usize = text(&body["run_id"]).strip_prefix('r').unwrap().parse().unwrap();
        &mut self.runs[at]
    }

    fn create_run(&mut self, body: &Value) -> HttpResponse {
        let id = format!("r{}", self.runs.len());
        let experiment = text(&body["experiment_id"]);
        let mut run = Run { experiment: experiment.clone(), ..Run::default() };
        for (key, value) in [
            ("run_id", json!(id)),
            ("artifact_uri", json!(format!("mlflow-artifacts:/{experiment}/{id}/artifacts"))),
            ("start_time", body["start_time"].clone()),
            ("status", json!("RUNNING")),
        ] {
            run.info.insert(key.to_owned(), value);
        }
        run.tags.insert("mlflow.runName".to_owned(), text(&body["run_name"]));
        for tag in body["tags"].as_array().unwrap() {
            run.tags.insert(text(&tag["key"]), text(&tag["value"]));
        }
        let answer = json!({ "run": run.json() });
        self.runs.push(run);
        ok(&answer)
    }

    /// With a filter for one tag, or in pages of two.
    fn search_runs(&self, body: &Value) -> HttpResponse {
        let experiment = text(&body["experiment_ids"][0]);
        let runs = self.runs.iter().filter(|run| run.experiment == experiment);
        if let Some(filter) = body["filter"].as_str() {
            let (key, value) = filter.split_once(" = ").unwrap();
            let key = key.trim_start_matches("tags.`").trim_end_matches('`');
            let found = runs.filter(|run| {
                run.tags.get(key).map(String::as_str) == Some(value.trim_matches('\''))
            });
            return ok(&json!({ "runs": found.map(Run::json).collect::<Vec<_>>() }));
        }
        let mut runs: Vec<&Run> = runs.collect();
        if self.backwards {
            runs.reverse();
        }
        let from: usize = text(&body["page_token"]).parse().unwrap_or(0);
        let page: Vec<Value> = runs.iter().skip(from).take(2).map(|run| run.json()).collect();
        let token = if from + 2 < runs.len() { (from + 2).to_string() } else { String::new() };
        ok(&json!({ "runs": page, "next_page_token": token }))
    }

    fn log_batch(&mut self, body: &Value) -> HttpResponse {
        let list = |key: &str| body[key].as_array().cloned().unwrap_or_default();
        let (metrics, params, tags) = (list("metrics"), list("params"), list("tags"));
        assert!(metrics.len() <= 1_000 && params.len() <= 100 && tags.len() <= 100);
        let run = self.run(body);
        for pair in params {
            let (key, value) = (text(&pair["key"]), text(&pair["value"]));
            let before = run.params.insert(key, value.clone());
            assert!(before.is_none_or(|before| before == value));
        }
        run.tags.extend(tags.iter().map(|pair| (text(&pair["key"]), text(&pair["value"]))));
        for metric in metrics {
            let whole = |key: &str| metric[key].as_i64().unwrap();
            let key = (text(&metric["key"]), whole("step"), whole("timestamp"));
            run.metrics.insert(key, metric["value"].clone());
        }
        ok(&json!({}))
    }

    /// In pages of 700.
    fn history(&mut self, query: &BTreeMap<&str, String>) -> HttpResponse {
        let from: usize = query.get("page_token").map_or(0, |token| token.parse().unwrap());
        let run = self.run(&json!({ "run_id": query["run_id"] }));
        let of_key = run.metrics.iter().filter(|((key, ..), _)| *key == query["metric_key"]);
        let all: Vec<Value> = of_key
            .map(|((key, step, at), value)| {
                json!({ "key": key, "step": step, "timestamp": at, "value": value })
            })
            .collect();
        let token = if from + 700 < all.len() { (from + 700).to_string() } else { String::new() };
        let page: Vec<&Value> = all.iter().skip(from).take(700).collect();
        ok(&json!({ "metrics": page, "next_page_token": token }))
    }

    fn registry(
        &mut self,
        name: &str,
        query: &BTreeMap<&str, String>,
        body: &Value,
    ) -> HttpResponse {
        let named = text(&body["name"]);
        match name {
            "registered-models/get" => match self.models.get(&query["name"]) {
                Some(model) => ok(&json!({ "registered_model": model.json(&query["name"]) })),
                None => missing(),
            },
            "registered-models/create" => {
                assert!(!named.contains(['/', ':']));
                if self.models.contains_key(&named) {
                    return exists();
                }
                let description = text(&body["description"]);
                self.models.insert(named, Model { description, ..Model::default() });
                ok(&json!({}))
            }
            "registered-models/update" => {
                self.models.get_mut(&named).unwrap().description = text(&body["description"]);
                ok(&json!({}))
            }
            "registered-models/alias" => {
                let aliases = &mut self.models.get_mut(&named).unwrap().aliases;
                match body["version"].as_str() {
                    Some(version) => aliases.insert(text(&body["alias"]), version.to_owned()),
                    None => aliases.remove(&text(&body["alias"])),
                };
                ok(&json!({}))
            }
            "model-versions/search" => {
                let all = self.models.values().flat_map(|model| model.versions.iter());
                let found: Vec<&Value> = match query.get("filter") {
                    Some(filter) => {
                        let run = filter.trim_start_matches("run_id = '").trim_end_matches('\'');
                        all.filter(|version| version["run_id"] == run).collect()
                    }
                    None => all.collect(),
                };
                ok(&json!({ "model_versions": found }))
            }
            "model-versions/create" => {
                let model = self.models.get_mut(&named).unwrap();
                let mut version = body.clone();
                version["version"] = (model.versions.len() + 1).to_string().into();
                model.versions.push(version.clone());
                ok(&json!({ "model_version": version }))
            }
            "model-versions/get-download-uri" => {
                let at: usize = query["version"].parse().unwrap();
                let version = &self.models[&query["name"]].versions[at - 1];
                ok(&json!({ "artifact_uri": version["source"] }))
            }
            "model-versions/update" => {
                self.version(body)["description"] = body["description"].clone();
                ok(&json!({}))
            }
            "model-versions/set-tag" => {
                let version = self.version(body);
                let tags = version["tags"].as_array_mut().unwrap();
                tags.retain(|tag| tag["key"] != body["key"]);
                tags.push(json!({ "key": body["key"], "value": body["value"] }));
                ok(&json!({}))
            }
            name => panic!("no {name}"),
        }
    }

    fn version(&mut self, body: &Value) -> &mut Value {
        let at: usize = text(&body["version"]).parse().unwrap();
        &mut self.models.get_mut(&text(&body["name"])).unwrap().versions[at - 1]
    }
}

impl Run {
    fn json(&self) -> Value {
        let pairs = |pairs: &BTreeMap<String, String>| -> Vec<Value> {
            pairs.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect()
        };
        let mut keys: Vec<&String> = self.metrics.keys().map(|(key, ..)| key).collect();
        keys.dedup();
        let metrics: Vec<Value> = keys.iter().map(|key| json!({ "key": key })).collect();
        json!({
            "info": self.info,
            "data": { "params": pairs(&self.params), "tags": pairs(&self.tags), "metrics": metrics },
        })
    }
}

impl Model {
    fn json(&self, name: &str) -> Value {
        let alias = |(alias, version)| json!({ "alias": alias, "version": version });
        let aliases: Vec<Value> = self.aliases.iter().map(alias).collect();
        json!({ "name": name, "description": self.description, "aliases": aliases })
    }
}
