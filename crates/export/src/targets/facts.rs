//! What is to be known of a target to choose it: the one declaration for command line, package and page.

use serde::Serialize;

use super::Target;

/// A target as it is presented.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct TargetFacts {
    /// By which it is asked for.
    pub name: Target,
    pub title: &'static str,
    /// What comes out, in a line.
    pub summary: &'static str,
    /// What it takes to run it: what follows the word "needs".
    pub needs: &'static str,
    /// Where it answers over HTTP when it is started as its README says; none of what is no service.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", tsify(optional))]
    pub address: Option<&'static str>,
}

/// Where the servers listen that are started on one's own machine.
const HERE: &str = "http://127.0.0.1:8000";

impl Target {
    /// All that there is to know.
    pub fn facts(self) -> TargetFacts {
        let (title, summary, needs, address) = match self {
            Self::Wasm => (
                "WebAssembly module",
                "The bare module, and a typed loader in TypeScript.",
                "any host of WebAssembly",
                None,
            ),
            Self::Cloudflare => (
                "Cloudflare Workers",
                "An HTTP service as a worker.",
                "a Cloudflare account, or workerd on your own machine",
                Some("http://127.0.0.1:8787"),
            ),
            Self::Deno => ("Deno", "An HTTP server on Deno.serve.", "Deno 2", Some(HERE)),
            Self::Bun => ("Bun", "An HTTP server on Bun.serve.", "Bun 1", Some(HERE)),
            Self::Node => ("Node", "An HTTP server on node:http.", "Node 20 or later", Some(HERE)),
            Self::Vercel => (
                "Vercel",
                "An HTTP service on the edge runtime.",
                "a Vercel account",
                Some("https://YOUR-PROJECT.vercel.app"),
            ),
            Self::Container => (
                "Container",
                "A Dockerfile with the server on Node, and manifests for Kubernetes.",
                "Docker or another engine of containers",
                Some("http://127.0.0.1:5000"),
            ),
            Self::Embed => (
                "Python and Rust",
                "The bare module, and programs in Python and Rust that use it.",
                "Python 3.11 or Rust, with wasmtime",
                None,
            ),
            Self::Envoy => (
                "Envoy",
                "A filter that scores a request and sets headers.",
                "Envoy with its WebAssembly runtime",
                None,
            ),
            Self::Onnx => (
                "ONNX",
                "The model as a graph of standard operators, preparation included.",
                "onnxruntime 1.20 or later",
                None,
            ),
        };
        TargetFacts { name: self, title, summary, needs, address }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_called_the_same_everywhere() {
        for target in Target::ALL {
            let json = serde_json::to_value(target.facts()).expect("plain data is JSON");
            assert_eq!(json["name"], target.name());
        }
    }
}
