//! How far apart two sets of counts are.

use hedgerow_profile::{Bins, Counts, Numbers, Shape};

/// The spread of training values that distances are measured in is at least this, as in Evidently.
const LEAST_SPREAD: f64 = 0.001;

/// Rows of training and new rows, value by value or bin by bin.
pub(super) struct Masses {
    then: Vec<f64>,
    now: Vec<f64>,
}

impl Masses {
    /// Of the rows with a value; nothing where a side has none.
    pub fn of(shape: &Shape, then: &Counts, now: &Counts) -> Option<Self> {
        let floats = |counts: &[u64]| counts.iter().map(|&count| count as f64).collect::<Vec<_>>();
        let (then, now) = match (shape, then, now) {
            (Shape::Numbers(_), Counts::Numbers(then), Counts::Numbers(now)) => {
                (floats(&then.bins), floats(&now.bins))
            }
            (Shape::Words(_), Counts::Words(then), Counts::Words(now)) => {
                // New words one by one, as far as they are known by name.
                let named: Vec<u64> = now.new_words.iter().map(|new| new.count).collect();
                let unnamed = named.iter().fold(now.new, |rest, &rows| rest.saturating_sub(rows));
                let more = vec![0.0; named.len() + 1];
                let then = [floats(&then.counts), floats(&[then.rest]), more].concat();
                let now = [floats(&now.counts), floats(&[now.rest, unnamed]), floats(&named)];
                (then, now.concat())
            }
            _ => return None,
        };
        let masses = Self { then, now };
        (masses.then_total() > 0 && masses.now_total() > 0).then_some(masses)
    }

    pub fn then_total(&self) -> u64 {
        self.then.iter().sum::<f64>() as u64
    }

    pub fn now_total(&self) -> u64 {
        self.now.iter().sum::<f64>() as u64
    }

    fn pairs(&self) -> impl Iterator<Item = (f64, f64)> {
        let pairs = self.then.iter().copied().zip(self.now.iter().copied());
        pairs.filter(|&(then, now)| then > 0.0 || now > 0.0)
    }

    /// Values or bins that have rows.
    pub fn distinct(&self) -> usize {
        self.pairs().count()
    }

    fn shares(&self) -> impl Iterator<Item = (f64, f64)> {
        let (then, now) = (self.then.iter().sum::<f64>(), self.now.iter().sum::<f64>());
        self.pairs().map(move |(p, q)| (p / then, q / now))
    }

    /// The largest difference of the distribution functions, at the bins' edges.
    pub fn farthest(&self) -> f64 {
        let mut apart = 0.0;
        self.shares().fold(0.0, |most: f64, (p, q)| {
            apart += p - q;
            most.max(f64::abs(apart))
        })
    }

    /// Pearson's statistic of the new counts against those of training, scaled; and its degrees of freedom.
    pub fn chi_square(&self) -> (f64, f64) {
        let scale = self.now.iter().sum::<f64>() / self.then.iter().sum::<f64>();
        let terms = self.pairs().map(|(then, now)| {
            let expected = then * scale;
            (now - expected) * (now - expected) / expected
        });
        (terms.sum(), self.distinct() as f64 - 1.0)
    }

    /// The statistic that tells whether the first of two values has the same share; nothing where there is
    /// but one value.
    pub fn z(&self) -> Option<f64> {
        let (n, m) = (self.then.iter().sum::<f64>(), self.now.iter().sum::<f64>());
        let (then, now) = self.pairs().next()?;
        let pooled = (then + now) / (n + m);
        let variance = pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m);
        (self.distinct() > 1).then(|| (then / n - now / m) / libm::sqrt(variance))
    }

    pub fn jensen_shannon(&self) -> f64 {
        let part = |p: f64, middle: f64| if p > 0.0 { p * libm::log(p / middle) } else { 0.0 };
        let terms = self.shares().map(|(p, q)| {
            let middle = (p + q) / 2.0;
            part(p, middle) + part(q, middle)
        });
        libm::sqrt((terms.sum::<f64>() / 2.0).max(0.0))
    }

    /// Bins of numbers in so many runs of about equally many training values; values as they are.
    pub fn in_parts(&self, shape: &Shape, parts: usize) -> Self {
        let is_few = matches!(shape, Shape::Words(_)) || self.distinct() <= parts;
        if is_few {
            return Self { then: self.then.clone(), now: self.now.clone() };
        }
        let total = self.then.iter().sum::<f64>();
        let (mut then, mut now, mut before) = (vec![0.0; parts], vec![0.0; parts], 0.0);
        for (p, q) in self.then.iter().zip(&self.now) {
            let part = ((before / total * parts as f64) as usize).min(parts - 1);
            then[part] += p;
            now[part] += q;
            before += p;
        }
        Self { then, now }
    }

    /// Shares of 0 count as Evidently counts them: a millionth of the smallest share, or 0.0001.
    pub fn psi(&self) -> f64 {
        let shares: Vec<(f64, f64)> = self.shares().collect();
        let filled = |of: &dyn Fn(&(f64, f64)) -> f64| {
            let least = shares.iter().map(of).filter(|&share| share > 0.0).fold(1.0, f64::min);
            let instead = if least <= 0.0001 { least / 1e6 } else { 0.0001 };
            shares.iter().map(of).map(|share| if share > 0.0 { share } else { instead }).collect()
        };
        let (then, now): (Vec<f64>, Vec<f64>) = (filled(&|pair| pair.0), filled(&|pair| pair.1));
        then.iter().zip(&now).map(|(p, q)| (p - q) * libm::log(p / q)).sum()
    }
}

/// The area between the distribution functions, in standard deviations of the training values. In a bin whose
/// values are not told apart, they lie evenly; but it is never less than the means are apart, which are known.
pub(super) fn wasserstein(bins: &Bins, then: &Numbers, now: &Numbers, masses: &Masses) -> f64 {
    let (Some(a), Some(b)) = (then.range(), now.range()) else { return 0.0 };
    let (least, most) = (a.0.min(b.0), a.1.max(b.1));
    let (n, m) = (masses.then_total() as f64, masses.now_total() as f64);
    let width = |from: f64, to: f64| (to - from).min(f64::MAX);
    let (mut apart, mut area) = (0.0, 0.0);
    for (bin, (p, q)) in masses.then.iter().zip(&masses.now).enumerate() {
        let start = bin.checked_sub(1).map_or(least, |edge| bins.edges[edge]).clamp(least, most);
        let end = bins.edges.get(bin).copied().unwrap_or(most).clamp(least, most);
        let after = apart + (p / n - q / m);
        // Where in the bin its values are: at its start, or anywhere; new values within their own range.
        let (low, high) = match (bins.is_discrete, *p > 0.0) {
            (true, true) => (start, start),
            (false, true) => (start, end),
            (_, false) => (b.0.clamp(start, end), b.1.clamp(start, end)),
        };
        area += width(start, low) * f64::abs(apart)
            + width(low, high) * between(apart, after)
            + width(high, end) * f64::abs(after);
        apart = after;
    }
    let means = then.mean(bins).zip(now.mean(bins));
    let shift = means.map_or(0.0, |(then, now)| f64::abs(now - then));
    (f64::max(area, shift) / then.std(bins).unwrap_or(0.0).max(LEAST_SPREAD)).min(f64::MAX)
}

/// The mean distance from 0 of a line from one value to another.
fn between(from: f64, to: f64) -> f64 {
    let same = from * to >= 0.0;
    let (from, to) = (f64::abs(from), f64::abs(to));
    if same { (from + to) / 2.0 } else { (from * from + to * to) / (2.0 * (from + to)) }
}
