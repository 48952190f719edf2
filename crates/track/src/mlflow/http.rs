//! Requests and answers, whoever carries them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is done to what a path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// A request to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct HttpRequest {
    pub method: Method,
    /// Relative to the server's address, with its query: every part is encoded.
    pub path: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// Bytes of an answer at most; of a longer one, one byte more is enough to refuse it.
    pub answer_limit: usize,
    /// Empty where there is none. Not in JSON: bytes go beside it.
    #[serde(skip)]
    pub body: Vec<u8>,
}

/// Bytes of an answer in JSON, at most.
const JSON_LIMIT: usize = 64 << 20;
/// Bytes of a file, at most.
const FILE_LIMIT: usize = 1 << 30;

const API: &str = "api/2.0/mlflow";
const ARTIFACTS: &str = "api/2.0/mlflow-artifacts/artifacts";

impl HttpRequest {
    fn new(method: Method, path: String) -> Self {
        let headers = vec![("Accept".to_owned(), "application/json".to_owned())];
        Self { method, path, headers, answer_limit: JSON_LIMIT, body: Vec::new() }
    }

    /// Asks for something, with a query.
    pub(crate) fn get(name: &str, query: &[(&str, &str)]) -> Self {
        Self::new(Method::Get, format!("{API}/{name}{}", query_text(query)))
    }

    /// Sends JSON.
    pub(crate) fn json(method: Method, name: &str, body: &Value) -> Self {
        let request = Self::new(method, format!("{API}/{name}"));
        request.with_body("application/json", body.to_string().into_bytes())
    }

    pub(crate) fn post(name: &str, body: &Value) -> Self {
        Self::json(Method::Post, name, body)
    }

    /// Sends a file to the server's store of artifacts.
    pub(crate) fn upload(path: &str, bytes: Vec<u8>) -> Self {
        let request = Self::new(Method::Put, format!("{ARTIFACTS}/{}", encoded(path, true)));
        request.with_body("application/octet-stream", bytes)
    }

    /// Asks for a file of the server's store of artifacts.
    pub(crate) fn download(path: &str) -> Self {
        let path = format!("{ARTIFACTS}/{}", encoded(path, true));
        let mut request = Self { answer_limit: FILE_LIMIT, ..Self::new(Method::Get, path) };
        request.headers.clear();
        request
    }

    /// Asks what a folder of the server's store of artifacts has.
    pub(crate) fn list(path: &str) -> Self {
        Self::new(Method::Get, format!("{ARTIFACTS}{}", query_text(&[("path", path)])))
    }

    fn with_body(mut self, content_type: &str, body: Vec<u8>) -> Self {
        self.headers.push(("Content-Type".to_owned(), content_type.to_owned()));
        self.body = body;
        self
    }
}

fn query_text(query: &[(&str, &str)]) -> String {
    let pair = |(name, value): &(&str, &str)| format!("{name}={}", encoded(value, false));
    let pairs: Vec<String> = query.iter().map(pair).collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

/// A text as part of an address.
fn encoded(text: &str, slashes: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            b'/' if slashes => out.push('/'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// What came back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct HttpResponse {
    pub status: u16,
    /// Names and values; those that are not needed may be left out. Needed is `Retry-After`.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// Not in JSON: bytes go beside it.
    #[serde(skip)]
    pub body: Vec<u8>,
}

impl HttpResponse {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// What whoever drives a push or a pull does next.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(tag = "do", rename_all = "camelCase")]
pub enum Next {
    /// Send this, then tell what came back.
    Send(HttpRequest),
    /// Do nothing for so long, then ask again: the server is busy.
    Wait { seconds: u64 },
    /// Make an ONNX file of a model file, the bytes of which [`Push::model_bytes`](super::Push::model_bytes)
    /// gives, then say so.
    Export {
        /// The SHA-256 of the model file.
        sha256: String,
    },
    /// All is done.
    #[default]
    Done,
}

/// How far it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Progress {
    /// Runs and versions that are done.
    pub done: usize,
    /// Runs and versions in all, as far as they are known.
    pub total: usize,
    /// Requests that were answered.
    pub requests: usize,
    /// What it is at, such as a run's name.
    pub at: String,
}
