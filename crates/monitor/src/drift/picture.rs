//! How a column's values are spread, then and now, small enough to draw.

use hedgerow_profile::{Bins, Counts, Shape, Vocabulary};
use serde::Serialize;

/// Bars of numbers, and words that are shown.
const BARS: usize = 24;
const SHOWN: usize = 12;

/// Bars side by side: of numbers between edges, or of words.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Picture {
    /// One more than there are bars; of numbers only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "ts", tsify(optional))]
    pub edges: Vec<f64>,
    /// The most frequent words by training and new rows, then how often any other; of words only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "ts", tsify(optional))]
    pub words: Vec<String>,
    pub reference: Side,
    pub current: Side,
}

/// One side's numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Side {
    pub rows: u64,
    pub missing: u64,
    /// Rows with a word that no training row had.
    pub new: u64,
    /// Of finite numbers; nothing where there are none, or where it is beyond all numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean: Option<f64>,
    /// Divided by n, as numpy has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub std: Option<f64>,
    /// Share of the rows with a value, bar by bar.
    pub shares: Vec<f64>,
}

pub(super) fn picture(shape: &Shape, then: &Counts, now: &Counts) -> Picture {
    match shape {
        Shape::Numbers(bins) => numbers(bins, then, now),
        Shape::Words(known) => words(known, then, now),
    }
}

fn side(counts: &Counts, bars: &[f64]) -> Side {
    let total = bars.iter().sum::<f64>().max(1.0);
    Side {
        rows: counts.rows(),
        missing: counts.missing(),
        new: if let Counts::Words(words) = counts { words.new } else { 0 },
        mean: None,
        std: None,
        shares: bars.iter().map(|bar| bar / total).collect(),
    }
}

/// Bars of equal width over where nearly all training values are; what is beyond belongs to the outer ones.
fn numbers(bins: &Bins, then: &Counts, now: &Counts) -> Picture {
    // A range of the largest numbers would be infinite.
    let (low, high) = middle(bins, then);
    let drawn = |value: f64| value.clamp(f64::MIN / 4.0, f64::MAX / 4.0);
    let (low, high) = (drawn(low), drawn(high));
    let width = (high - low) / BARS as f64;
    let edges = (0..=BARS).map(|bar| low + width * bar as f64).collect();
    let bars = |counts: &Counts| {
        let mut bars = vec![0.0; BARS];
        let Counts::Numbers(numbers) = counts else { return side(counts, &bars) };
        for (bin, &count) in numbers.bins.iter().enumerate() {
            let start = bin.checked_sub(1).map_or(low, |edge| bins.edges[edge]);
            let end = bins.edges.get(bin).copied().unwrap_or(high);
            spread(
                count as f64,
                (start, if bins.is_discrete { start } else { end }),
                (low, width),
                &mut bars,
            );
        }
        let finite = |figure: &f64| figure.is_finite();
        let (mean, std) = (numbers.mean(bins).filter(finite), numbers.std(bins).filter(finite));
        Side { mean, std, ..side(counts, &bars) }
    };
    let (reference, current) = (bars(then), bars(now));
    Picture { edges, words: Vec::new(), reference, current }
}

/// Where the training values are, but for the outermost two in a hundred.
fn middle(bins: &Bins, then: &Counts) -> (f64, f64) {
    let Counts::Numbers(numbers) = then else { return (0.0, 1.0) };
    let (Some((least, most)), n) = (numbers.range(), numbers.count() as f64) else {
        return (0.0, 1.0);
    };
    let (mut low, mut high, mut before) = (least, most, 0.0);
    for (bin, &count) in numbers.bins.iter().enumerate() {
        let start = bin.checked_sub(1).map_or(least, |edge| bins.edges[edge]);
        let end = bins.edges.get(bin).copied().unwrap_or(most);
        if before <= 0.01 * n {
            low = start.max(least);
        }
        before += count as f64;
        if before >= 0.99 * n {
            high = end.min(most);
            break;
        }
    }
    if high > low { (low, high) } else { (low - 0.5, low + 0.5) }
}

/// Spreads a bin's rows evenly over the bars that it touches.
fn spread(count: f64, (start, end): (f64, f64), (low, width): (f64, f64), bars: &mut [f64]) {
    let last = bars.len() - 1;
    let bar = |value: f64| (((value - low) / width).max(0.0) as usize).min(last);
    let (first, final_bar) = (bar(start), bar(end));
    if first == final_bar || end <= start {
        bars[first] += count;
        return;
    }
    for (index, bar) in bars.iter_mut().enumerate().take(final_bar + 1).skip(first) {
        let from = if index == first { start } else { low + width * index as f64 };
        let to = if index == final_bar { end } else { low + width * (index + 1) as f64 };
        *bar += count * ((to - from) / (end - start)).max(0.0);
    }
}

fn words(known: &Vocabulary, then: &Counts, now: &Counts) -> Picture {
    let (Counts::Words(a), Counts::Words(b)) = (then, now) else {
        let (reference, current) = (side(then, &[]), side(now, &[]));
        return Picture { edges: Vec::new(), words: Vec::new(), reference, current };
    };
    let known = known.words.iter().zip(a.counts.iter().zip(&b.counts));
    let new = b.new_words.iter().map(|new| (new.word.as_str(), 0, new.count));
    let mut all: Vec<(&str, u64, u64)> =
        known.map(|(word, (&then, &now))| (word.as_str(), then, now)).chain(new).collect();
    let (n, m) = (a.count().max(1) as f64, b.count().max(1) as f64);
    let weight = |&(_, then, now): &(&str, u64, u64)| then as f64 / n + now as f64 / m;
    all.sort_by(|a, b| weight(b).total_cmp(&weight(a)).then(a.0.cmp(b.0)));
    all.truncate(SHOWN);
    let bars = |counts: &Counts, of: &dyn Fn(&(&str, u64, u64)) -> u64, total: u64| {
        let mut bars: Vec<f64> = all.iter().map(|one| of(one) as f64).collect();
        bars.push((total as f64 - bars.iter().sum::<f64>()).max(0.0));
        side(counts, &bars)
    };
    let (reference, current) =
        (bars(then, &|one| one.1, a.count()), bars(now, &|one| one.2, b.count()));
    let words = all.iter().map(|one| one.0.to_owned()).collect();
    Picture { edges: Vec::new(), words, reference, current }
}
