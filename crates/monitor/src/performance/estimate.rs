//! What may be expected of rows whose class is not known yet: confidence-based performance estimation (CBPE, of
//! NannyML). A model that is right in 80 of 100 rows of which it is 80 % sure will be right in about 80 of the next
//! hundred such rows. How far its probabilities can be taken at their word is learned from the rows that were kept
//! out of training: without those, or of scores that are no probabilities, as of anomalies, nothing is said.
//!
//! That holds while only features drift. Where what is true of the same features changes (concept drift), only
//! labels show it.

use hedgerow_profile::{
    Bins, ClassOutcomes, Counts, Numbers, Outcomes, Profile, Role, Shape, Truth,
};

use super::classes::{Class, area, middle_of, of_counts};
use super::{FEW, MetricFigure, Performance};
use crate::Baseline;

/// Rows for which a model is taken at its word, in each part of the probabilities.
const TRUSTED: f64 = 2.0;

/// Rows, of which the model was so sure.
struct Group {
    rows: f64,
    /// How probable it is that it is so.
    chance: f64,
}

/// Nothing for numbers, of which a model does not say how sure it is.
pub(super) fn estimate(baseline: &Baseline, now: &Profile) -> Option<Performance> {
    let Some(Truth::Classes(names)) = baseline.layout.truth() else { return None };
    let Some(Outcomes::Classes(kept_out)) = baseline.profile.outcomes() else { return None };
    if kept_out.rows() < FEW {
        return None;
    }
    let groups = groups(baseline, now, &learned(kept_out))?;
    let rows: f64 = groups.iter().map(|group| group.rows).sum();
    let metrics = match &names[..] {
        [_, second] => of_two(&groups, positives(baseline, now, second)?.min(rows), rows),
        _ => of_many(&groups, rows),
    };
    (rows > 0.0).then_some(Performance { rows: rows as u64, metrics })
}

/// Rows by how sure the model was, in ascending order.
fn groups(baseline: &Baseline, now: &Profile, learned: &[(f64, f64)]) -> Option<Vec<Group>> {
    let (bins, counts) = probabilities(baseline, now)?;
    let group = |(bin, &rows): (usize, &u64)| {
        let low = bin.checked_sub(1).map_or(0.0, |edge| bins.edges[edge]);
        let high = bins.edges.get(bin).copied().unwrap_or(1.0);
        // Bins go beyond what there is of probabilities.
        let [low, high] = [low, high].map(|end| end.clamp(0.0, 1.0));
        let sure = if bins.is_discrete { low } else { f64::midpoint(low, high) };
        Group { rows: rows as f64, chance: chance(learned, sure) }
    };
    Some(counts.bins.iter().enumerate().filter(|(_, rows)| **rows > 0).map(group).collect())
}

fn probabilities<'p>(baseline: &'p Baseline, now: &'p Profile) -> Option<(&'p Bins, &'p Numbers)> {
    let columns = baseline.layout.columns().iter().zip(now.columns());
    let mut found = columns.filter(|(column, _)| column.role == Role::Probability);
    match found.next().map(|(column, counts)| (&column.shape, counts))? {
        (Shape::Numbers(bins), Counts::Numbers(counts)) => Some((bins, counts)),
        _ => None,
    }
}

/// Rows for which the second class was answered.
fn positives(baseline: &Baseline, now: &Profile, second: &str) -> Option<f64> {
    let columns = baseline.layout.columns().iter().zip(now.columns());
    let mut found = columns.filter(|(column, _)| column.role == Role::Prediction);
    match found.next().map(|(column, counts)| (&column.shape, counts))? {
        (Shape::Words(known), Counts::Words(counts)) => {
            // A model may have answered it for no training row.
            let new = || counts.new_words.iter().find(|new| new.is(second)).map(|new| new.count);
            let place = known.words.iter().position(|word| word == second);
            Some(place.map(|place| counts.counts[place]).or_else(new).unwrap_or(0) as f64)
        }
        _ => None,
    }
}

/// The rows that were answered with the second class are those with the highest probabilities, whatever the
/// threshold is.
fn of_two(groups: &[Group], positives: f64, rows: f64) -> Vec<MetricFigure> {
    let (mut left, mut so, mut hits) = (positives, 0.0, 0.0);
    for Group { rows, chance } in groups.iter().rev() {
        let answered = rows.min(left);
        left -= answered;
        so += rows * chance;
        hits += answered * chance;
    }
    let second = Class { true_rows: so, predicted: positives, hits };
    let first = Class {
        true_rows: rows - so,
        predicted: rows - positives,
        hits: rows - so - (positives - hits),
    };
    let mut all = of_counts(&[first, second], rows);
    let parts = |of: fn(&Group) -> f64| groups.iter().map(of).collect::<Vec<_>>();
    all.extend(area(
        &parts(|one| one.rows * one.chance),
        &parts(|one| one.rows * (1.0 - one.chance)),
    ));
    all
}

fn of_many(groups: &[Group], rows: f64) -> Vec<MetricFigure> {
    let hits = groups.iter().map(|group| group.rows * group.chance).sum::<f64>();
    super::share_figure("accuracy", hits / rows, rows).into_iter().collect()
}

/// How often it is so where a model is so sure: on the lines from point to point, and before the first and behind the
/// last one as there.
fn chance(points: &[(f64, f64)], sure: f64) -> f64 {
    let after = points.partition_point(|point| point.0 <= sure);
    match (after.checked_sub(1).and_then(|before| points.get(before)), points.get(after)) {
        (Some(a), Some(b)) => a.1 + (b.1 - a.1) * (sure - a.0) / (b.0 - a.0),
        (Some(end), None) | (None, Some(end)) => end.1,
        (None, None) => sure,
    }
}

/// Rows of which a model was about as sure.
#[derive(Clone, Copy)]
struct Pool {
    rows: f64,
    /// Those of them where it was so.
    so: f64,
    /// How sure it was, summed up.
    sure: f64,
}

impl Pool {
    fn with(self, other: Self) -> Self {
        Self { rows: self.rows + other.rows, so: self.so + other.so, sure: self.sure + other.sure }
    }
}

/// Isotonic regression of what was so on how sure the model was, by pooling adjacent violators (Ayer et al. 1955).
/// In every part that has rows the model is taken at its word for [`TRUSTED`] more, so that few say little. Points are
/// how sure the model was, and how often it was so; both ascend.
fn learned(counts: &ClassOutcomes) -> Vec<(f64, f64)> {
    let mut pools: Vec<Pool> = Vec::new();
    for (part, (&so, &not)) in counts.sure_so.iter().zip(&counts.sure_not).enumerate() {
        let (rows, sure) = ((so + not) as f64 + TRUSTED, middle_of(part));
        if so + not > 0 {
            add(&mut pools, Pool { rows, so: so as f64 + TRUSTED * sure, sure: rows * sure });
        }
    }
    pools.into_iter().map(|pool| (pool.sure / pool.rows, pool.so / pool.rows)).collect()
}

/// Adds a pool, with those before it that were so at least as often.
fn add(pools: &mut Vec<Pool>, mut pool: Pool) {
    while let Some(before) =
        pools.last().filter(|before| before.so * pool.rows >= pool.so * before.rows)
    {
        pool = pool.with(*before);
        pools.pop();
    }
    pools.push(pool);
}
