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
    /// What it takes to run it, in a line.
    pub needs: &'static str,
}

impl Target {
    /// Title, summary and needs.
    pub fn facts(self) -> TargetFacts {
        let (title, summary, needs) = match self {
            Self::Wasm => (
                "WebAssembly module",
                "The bare module without imports, with a typed loader in TypeScript.",
                "Any host that runs WebAssembly.",
            ),
            Self::Cloudflare => (
                "Cloudflare Workers",
                "An HTTP service as a worker, for workerd too.",
                "A Cloudflare account and wrangler, or workerd on a machine of yours.",
            ),
            Self::Deno => ("Deno", "An HTTP service.", "Deno 2."),
            Self::Bun => ("Bun", "An HTTP service.", "Bun 1."),
            Self::Node => ("Node", "An HTTP service on node:http.", "Node 20 or later."),
            Self::Vercel => (
                "Vercel",
                "An HTTP service as a function of the edge runtime.",
                "A Vercel account and its command line.",
            ),
        };
        TargetFacts { name: self, title, summary, needs }
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
