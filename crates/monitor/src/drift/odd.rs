//! What is odd about a feature's new values, whatever a test says.

use hedgerow_profile::{Column, Counts, Numbers, Role, Words};

use crate::{Finding, FindingCode};

/// New words that a message names.
const NAMED: usize = 3;

pub(super) fn odd(column: &Column, then: &Counts, now: &Counts) -> Vec<Finding> {
    let found = match (column.role, then, now) {
        (Role::Feature, Counts::Numbers(then), Counts::Numbers(now)) => numbers(then, now),
        (Role::Feature, Counts::Words(then), Counts::Words(now)) => words(then, now),
        _ => Vec::new(),
    };
    let name = &column.name;
    let named = |(code, what)| Finding::new(code, name, format!("{name:?} {what}."));
    found.into_iter().map(named).collect()
}

fn numbers(then: &Numbers, now: &Numbers) -> Vec<(FindingCode, String)> {
    let mut found = Vec::new();
    if now.infinite > 0 {
        found.push((FindingCode::InfiniteValues, format!("is infinite in {} rows", now.infinite)));
    }
    let (Some((least, most)), Some((low, high))) = (then.range(), now.range()) else {
        return found;
    };
    if low == high && least < most && now.count() > 1 {
        found.push((FindingCode::ConstantColumn, format!("is always {low}")));
    }
    if low < least || high > most {
        let what = format!("goes from {low} to {high}; in training from {least} to {most}");
        found.push((FindingCode::OutOfRange, what));
    }
    found
}

fn words(then: &Words, now: &Words) -> Vec<(FindingCode, String)> {
    let mut found = Vec::new();
    if now.new > 0 {
        let some: Vec<&str> =
            now.new_words.iter().take(NAMED).map(|new| new.word.as_str()).collect();
        let what =
            format!("has words not seen in training, in {} rows: {}", now.new, some.join(", "));
        found.push((FindingCode::NewValues, what));
    }
    if now.count() > 1 && distinct(now) == 1 && distinct(then) > 1 {
        found.push((FindingCode::ConstantColumn, "has the same word in every row".to_owned()));
    }
    found
}

/// Different words; those that are counted together are at least two.
fn distinct(words: &Words) -> usize {
    let own = words.counts.iter().filter(|&&count| count > 0).count();
    own + words.new_words.len() + if words.rest > 0 { 2 } else { 0 }
}
