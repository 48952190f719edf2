//! An HTTP client for one server.

use std::io::Read;
use std::time::Duration;

use hedgerow_track::mlflow::{HttpRequest, HttpResponse};
use ureq::http::{Request, Response};
use ureq::{Agent, Body};

use crate::failure::Failure;

const CONNECT: Duration = Duration::from_secs(10);
/// Until an answer begins; files, and answers as long as files, have ten times as long.
const ANSWER: Duration = Duration::from_secs(60);

/// Who asks, and where.
pub struct Client {
    agent: Agent,
    base: String,
    authorization: Option<String>,
}

impl Client {
    /// A client of the server at an address, with the credentials of the environment.
    pub fn new(url: &str) -> Result<Self, Failure> {
        let base = url.trim_end_matches('/').to_owned();
        let Some((scheme, rest)) = base.split_once("://") else {
            return Err(Failure::address(url, "it begins with neither http:// nor https://"));
        };
        if !matches!(scheme, "http" | "https") {
            return Err(Failure::address(url, "it begins with neither http:// nor https://"));
        }
        if rest.split('/').next().is_some_and(|host| host.contains('@')) {
            let reason =
                "credentials go into MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD";
            return Err(Failure::address("…@…", reason));
        }
        let config = Agent::config_builder()
            .http_status_as_error(false)
            // A redirect would take credentials, or a POST, somewhere else.
            .max_redirects(0)
            .timeout_connect(Some(CONNECT))
            .timeout_send_body(Some(ANSWER * 10))
            .timeout_recv_response(Some(ANSWER))
            .timeout_recv_body(Some(ANSWER * 10))
            .user_agent(concat!("hedgerow/", env!("CARGO_PKG_VERSION")));
        Ok(Self { agent: config.build().new_agent(), base, authorization: authorization() })
    }

    /// Sends a request; an error is what kept an answer from coming.
    pub fn send(&self, request: HttpRequest) -> Result<HttpResponse, String> {
        let mut builder = Request::builder()
            .method(request.method.name())
            .uri(format!("{}/{}", self.base, request.path));
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        if let Some(authorization) = &self.authorization {
            builder = builder.header("Authorization", authorization);
        }
        let limit = request.answer_limit;
        let text = |error: ureq::Error| error.to_string();
        let response = if request.body.is_empty() {
            self.agent.run(builder.body(()).map_err(|error| error.to_string())?)
        } else {
            self.agent.run(builder.body(request.body).map_err(|error| error.to_string())?)
        };
        read(response.map_err(text)?, limit)
    }
}

/// A longer answer than is wanted is cut, and then is not what was asked for.
fn read(response: Response<Body>, limit: usize) -> Result<HttpResponse, String> {
    let (parts, body) = response.into_parts();
    let mut bytes = Vec::new();
    let reader = body.into_reader().take(limit as u64 + 1);
    { reader }.read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    let header = |(name, value): (&ureq::http::HeaderName, &ureq::http::HeaderValue)| {
        (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let headers = parts.headers.iter().map(header).collect();
    Ok(HttpResponse { status: parts.status.as_u16(), headers, body: bytes })
}

/// As MLflow's own client reads them from the environment.
fn authorization() -> Option<String> {
    let read = |name| std::env::var(name).ok().filter(|value: &String| !value.is_empty());
    if let Some(user) = read("MLFLOW_TRACKING_USERNAME") {
        let password = read("MLFLOW_TRACKING_PASSWORD").unwrap_or_default();
        return Some(format!("Basic {}", base64(format!("{user}:{password}").as_bytes())));
    }
    read("MLFLOW_TRACKING_TOKEN").map(|token| format!("Bearer {token}"))
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let group = (0..3).fold(0, |sum, at| sum << 8 | u32::from(*chunk.get(at).unwrap_or(&0)));
        for at in 0..4 {
            let digit = DIGITS[(group >> (18 - 6 * at) & 63) as usize];
            text.push(if at <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_in_base_64() {
        let expected =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")];
        for (plain, text) in expected {
            assert_eq!(base64(plain.as_bytes()), text);
        }
    }

    #[test]
    fn addresses_are_of_http_and_have_no_credentials() {
        for url in ["mlflow.example.org", "ftp://x", "http://ada:secret@x"] {
            assert!(Client::new(url).is_err(), "{url}");
        }
        assert!(Client::new("http://localhost:5000/").is_ok());
    }
}
