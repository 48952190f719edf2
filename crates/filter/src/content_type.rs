//! Which bodies are read.

/// Whether a body of this type is JSON, whatever its parameters are.
pub fn is_json(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default();
    kind.trim().eq_ignore_ascii_case("application/json")
}

#[cfg(test)]
mod tests {
    use super::is_json;

    #[test]
    fn json_is_told_by_its_type_alone() {
        for json in [
            "application/json",
            "application/json; charset=utf-8",
            "Application/JSON;charset=UTF-8",
            " application/json ",
        ] {
            assert!(is_json(json), "{json}");
        }
        for other in
            ["", ";", "json", "text/json", "application/jsonl", "text/plain; a=application/json"]
        {
            assert!(!is_json(other), "{other}");
        }
    }
}
