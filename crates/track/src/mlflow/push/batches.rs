//! What MLflow takes in one request, at most: 100 parameters or tags, 1,000 points, one megabyte.

/// Parameters, or tags.
pub const PAIRS: usize = 100;
/// Points of metrics.
pub const POINTS: usize = 1_000;
/// Bytes of a request, with room for what is around.
const BYTES: usize = 900_000;

/// Pairs of a key and a value.
pub type Pairs = Vec<(String, String)>;

/// Pairs in as few requests as hold them.
pub fn batches(pairs: impl IntoIterator<Item = (String, String)>) -> Vec<Pairs> {
    let mut batches: Vec<Pairs> = Vec::new();
    let mut bytes = 0;
    for (key, value) in pairs {
        let size = json_size(&key) + json_size(&value) + 25;
        let fits = batches.last().is_some_and(|last| last.len() < PAIRS) && bytes + size <= BYTES;
        if !fits {
            batches.push(Vec::new());
            bytes = 0;
        }
        bytes += size;
        batches.last_mut().expect("one was just added").push((key, value));
    }
    batches
}

/// Bytes of a text in JSON, at most.
fn json_size(text: &str) -> usize {
    let wide = |byte: u8| matches!(byte, 0..=31 | b'"' | b'\\');
    2 + text.bytes().map(|byte| if wide(byte) { 6 } else { 1 }).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_keep_to_the_limits() {
        let pairs = |n: usize, value: &str| {
            (0..n).map(|i| (format!("k{i}"), value.to_owned())).collect::<Pairs>()
        };
        let sizes = |batches: Vec<Pairs>| batches.iter().map(Vec::len).collect::<Vec<_>>();
        assert_eq!(sizes(batches(pairs(250, "v"))), [100, 100, 50]);
        assert!(batches(Pairs::new()).is_empty());
        // Control characters are six bytes each in JSON.
        let large = batches(pairs(100, &"\u{1}".repeat(6_000)));
        assert_eq!(sizes(large.clone()), [24, 24, 24, 24, 4]);
        for batch in large {
            assert!(serde_json::to_string(&batch).unwrap().len() < 1_000_000);
        }
    }
}
