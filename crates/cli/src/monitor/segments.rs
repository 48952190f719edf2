//! Where the model is wrong most, in words.

use hedgerow_monitor::{Condition, Part, Segment};

/// A part in a line.
pub fn text(segment: &Segment) -> String {
    let Segment { conditions, rows, share, metric, error, error_elsewhere, .. } = segment;
    let conditions: Vec<String> = conditions.iter().map(condition).collect();
    let (what, share) = (if *metric == "mae" { "mean error" } else { "error rate" }, share * 100.0);
    let told = format!("{what} {error:.4}, elsewhere {error_elsewhere:.4}");
    format!("  worst where {}: {told} ({rows} rows, {share:.1} %)", conditions.join(" and "))
}

fn condition(Condition { column, values }: &Condition) -> String {
    match values {
        Part::Is(word) => format!("{column} is {word:?}"),
        Part::Missing => format!("{column} is missing"),
        Part::Between(None, None) => format!("{column} is a number"),
        Part::Between(Some(low), None) => format!("{column} is at least {low}"),
        Part::Between(None, Some(high)) => format!("{column} is below {high}"),
        Part::Between(Some(low), Some(high)) => format!("{column} is from {low} to {high}"),
    }
}
