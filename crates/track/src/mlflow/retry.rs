//! What an answer means, and when to ask again.

use serde_json::Value;

use super::http::{HttpRequest, HttpResponse};
use super::{MlflowError, Result};

/// Tries in a row before it is given up.
const TRIES: u32 = 6;
/// Seconds that a server may ask to wait.
const LONGEST: u64 = 120;

/// Failures in a row, and the wait that the last one asks for.
#[derive(Debug, Default)]
pub struct Retry {
    failures: u32,
    wait: Option<u64>,
}

/// What was asked.
#[derive(Debug, Clone)]
pub struct Asked {
    path: String,
    limit: usize,
}

impl From<&HttpRequest> for Asked {
    fn from(request: &HttpRequest) -> Self {
        Self { path: request.path.clone(), limit: request.answer_limit }
    }
}

/// What an answer is good for.
pub enum Verdict {
    Good,
    /// To be sent again, after [`Retry::wait`].
    Again,
    /// Refused, with MLflow's code and message.
    Refused {
        code: String,
        message: String,
    },
}

impl Retry {
    /// Seconds to wait before the next request; asked once.
    pub fn wait(&mut self) -> Option<u64> {
        self.wait.take()
    }

    /// Something went ahead.
    pub fn succeeded(&mut self) {
        self.failures = 0;
    }

    /// Judges an answer.
    pub fn judge(&mut self, asked: &Asked, response: &HttpResponse) -> Result<Verdict> {
        if response.body.len() > asked.limit {
            let reason = format!("it has more than {} bytes", asked.limit);
            return Err(MlflowError::Answer { reason });
        }
        let message = || message_of(&response.body);
        match response.status {
            200..=299 => Ok(Verdict::Good),
            401 => Err(MlflowError::Unauthorized { message: message() }),
            403 => Err(MlflowError::Forbidden { message: message() }),
            429 => {
                let busy = |tries| MlflowError::Busy { tries };
                self.again(asked_wait(response), busy)
            }
            status @ 500..=599 => {
                let server = |tries| MlflowError::Server { status, tries, message: message() };
                self.again(asked_wait(response), server)
            }
            status => match refusal(&response.body) {
                Some((code, message)) => Ok(Verdict::Refused { code, message }),
                None if status == 404 || status == 405 => {
                    let path = asked.path.split('?').next().unwrap_or_default().to_owned();
                    Err(MlflowError::NotFound { path })
                }
                None => Err(MlflowError::Refused { code: status.to_string(), message: message() }),
            },
        }
    }

    /// There was no answer.
    pub fn lost(&mut self, reason: &str) -> Result<()> {
        let unreachable = |tries| MlflowError::Unreachable { tries, reason: reason.to_owned() };
        self.again(None, unreachable).map(|_| ())
    }

    fn again(
        &mut self,
        asked: Option<u64>,
        error: impl FnOnce(u32) -> MlflowError,
    ) -> Result<Verdict> {
        self.failures += 1;
        if self.failures >= TRIES {
            let tries = std::mem::take(&mut self.failures);
            return Err(error(tries));
        }
        let doubled = 1 << (self.failures - 1);
        self.wait = Some(asked.unwrap_or(doubled).min(LONGEST));
        Ok(Verdict::Again)
    }
}

/// `Retry-After` in seconds; a date is not read, since there is no clock here.
fn asked_wait(response: &HttpResponse) -> Option<u64> {
    response.header("Retry-After")?.trim().parse().ok()
}

/// MLflow's own errors are JSON with a code.
fn refusal(body: &[u8]) -> Option<(String, String)> {
    let error: Value = serde_json::from_slice(body).ok()?;
    let code = error.get("error_code")?.as_str()?.to_owned();
    let message = error.get("message").and_then(Value::as_str).unwrap_or_default();
    Some((line(&code), line(message.trim_end_matches('.'))))
}

/// What a server says, in one short line.
fn message_of(body: &[u8]) -> String {
    let text = match refusal(body) {
        Some((code, message)) => format!("{code}: {message}"),
        None => String::from_utf8_lossy(&body[..body.len().min(2_000)]).into_owned(),
    };
    let line = line(&text);
    if line.is_empty() { "it gave no reason".to_owned() } else { line }
}

/// A text as one short line, without what a terminal would take for a command.
fn line(text: &str) -> String {
    let parts = text.split(|c: char| c.is_whitespace() || c.is_control());
    let line = parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    super::keys::shortened(&line, 200)
}

/// The JSON of an answer.
pub fn json(response: &HttpResponse) -> Result<Value> {
    if response.body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Null);
    }
    let wrong = |error: serde_json::Error| {
        let reason = format!("{error}, in \"{}\"", message_of(&response.body));
        MlflowError::Answer { reason }
    };
    serde_json::from_slice(&response.body).map_err(wrong)
}

/// A text at a path such as `/run/info/run_id`, which an answer must have.
pub fn text(answer: &Value, pointer: &str) -> Result<String> {
    let found = answer.pointer(pointer).and_then(Value::as_str);
    found
        .map(str::to_owned)
        .ok_or_else(|| MlflowError::Answer { reason: format!("it has no {pointer}") })
}

/// A list at a key; none where it is left out.
pub fn list(answer: &mut Value, key: &str) -> Vec<Value> {
    match answer.get_mut(key).map(Value::take) {
        Some(Value::Array(values)) => values,
        _ => Vec::new(),
    }
}
