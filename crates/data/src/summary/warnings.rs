//! What to be wary of in a column.

use hedgerow_model::Kind;

use super::numbers::Sorted;
use super::{ColumnSummary, Warning, WarningCode};
use crate::Dictionary;
use crate::numbers::{parse_date, parse_number};

/// Rows that a column must have before distinct values are suspicious.
const ENOUGH: usize = 20;
/// A category with fewer rows is rare.
const RARE: usize = 5;
/// Above this, categories are many.
const MANY: usize = 1_000;
/// Distinct strings looked at for dates and numbers.
const LOOKED_AT: usize = 1_000;

pub fn of_numbers(summary: &mut ColumnSummary, sorted: &Sorted) {
    of_any(summary);
    let values = sorted.values();
    let (Some(first), Some(last)) = (values.first(), values.last()) else { return };
    let is_run = summary.count >= ENOUGH
        && summary.unique == summary.count
        && last - first == (summary.count - 1) as f64
        && sorted.is_whole();
    if is_run {
        let message = format!(
            "{} numbers its rows, so it says nothing about a new one. Leave it out of the features.",
            quoted(summary)
        );
        warn(summary, WarningCode::IdLike, message);
    }
}

pub fn of_strings(summary: &mut ColumnSummary, counts: &[usize], dictionary: &Dictionary) {
    of_any(summary);
    if summary.count >= ENOUGH && summary.unique == summary.count {
        let message = format!(
            "{} has another value in every row, as names and ids do. Leave it out of the features.",
            quoted(summary)
        );
        warn(summary, WarningCode::IdLike, message);
    } else if summary.kind == Kind::Category && summary.unique > MANY {
        let message = format!(
            "{} has {} categories, most of which a model cannot learn. Group them, or leave it out.",
            quoted(summary),
            summary.unique
        );
        warn(summary, WarningCode::ManyCategories, message);
    }
    rare_classes(summary, counts);
    unread_values(summary, counts, dictionary);
}

fn of_any(summary: &mut ColumnSummary) {
    let rows = summary.count + summary.missing;
    if summary.count == 0 {
        let message = format!("{} has no values. Leave it out.", quoted(summary));
        return warn(summary, WarningCode::AllMissing, message);
    }
    if summary.missing * 2 > rows {
        let message = format!(
            "{} of {rows} values of {} are missing. Check where the data come from, or leave it out.",
            summary.missing,
            quoted(summary)
        );
        warn(summary, WarningCode::MostlyMissing, message);
    }
    if summary.unique == 1 && rows > 1 {
        let message = format!(
            "{} has the same value in every row that has one. Leave it out: nothing can be learned from it.",
            quoted(summary)
        );
        warn(summary, WarningCode::Constant, message);
    }
}

/// Some categories are rare where most rows lie in frequent ones.
fn rare_classes(summary: &mut ColumnSummary, counts: &[usize]) {
    let (mut n_rare, mut rows) = (0, 0);
    for &count in counts.iter().filter(|&&count| count > 0 && count < RARE) {
        n_rare += 1;
        rows += count;
    }
    let is_few = summary.count >= ENOUGH && rows * 4 <= summary.count;
    if summary.kind == Kind::Category && n_rare > 0 && is_few {
        let message = format!(
            "{n_rare} of the {} categories of {} occur in fewer than {RARE} rows. Merge them into others if this is the target.",
            summary.unique,
            quoted(summary)
        );
        warn(summary, WarningCode::RareClasses, message);
    }
}

/// Strings that were meant to be dates or numbers.
fn unread_values(summary: &mut ColumnSummary, counts: &[usize], dictionary: &Dictionary) {
    let strings: Vec<&str> = dictionary
        .iter()
        .zip(counts)
        .filter_map(|(string, &count)| (count > 0).then_some(string))
        .take(LOOKED_AT)
        .collect();
    let is_most = |n: usize| n > 2 && n * 10 >= strings.len() * 9;
    let is_number = |text: &&&str| parse_number(text).is_some();
    let n_numbers = strings.iter().filter(is_number).count();
    let stranger = strings.iter().find(|text| !is_number(text));
    if let Some(stranger) = stranger
        && is_most(n_numbers)
    {
        let message = format!(
            "{} holds numbers but for values such as {stranger:?}. List those among the missing values to read it as numbers.",
            quoted(summary)
        );
        return warn(summary, WarningCode::TextNumbers, message);
    }
    let example = strings.iter().find(|text| looks_like_date(text));
    let n_dates = strings.iter().filter(|text| looks_like_date(text)).count();
    if let Some(example) = example
        && is_most(n_dates)
    {
        let message = format!(
            "{} looks like dates ({example:?}), but not all are ISO 8601. Write them as 2013-01-31 to learn from them.",
            quoted(summary)
        );
        warn(summary, WarningCode::TextDates, message);
    }
}

/// ISO 8601, or one to four digits three times, with the same mark between: `31.12.2013`,
/// `12/31/13 10:00`.
fn looks_like_date(text: &str) -> bool {
    if parse_date(text).is_some() {
        return true;
    }
    let day = text.split([' ', 'T']).next().unwrap_or_default();
    ['/', '.', '-'].iter().any(|&mark| {
        let parts: Vec<&str> = day.split(mark).collect();
        let is_part =
            |part: &&str| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        parts.len() == 3 && parts.iter().all(is_part)
    })
}

fn quoted(summary: &ColumnSummary) -> String {
    format!("Column {:?}", summary.name)
}

fn warn(summary: &mut ColumnSummary, code: WarningCode, message: String) {
    summary.warnings.push(Warning { code, message });
}
