//! Thresholds become the edges of bins, and the trees compare codes.

use hedgerow_data::sort_numbers;
use hedgerow_model::{Bins, Combine, FeatureKind, MISSING_LEFT, TreeEnsemble};

use super::grow::{Rule, Trees};

/// Edges of a feature at most: with more, prediction would be slower.
const MAX_EDGES: usize = (1 << 15) - 1;

/// The fitted form of all trees.
pub(super) fn ensemble(trees: Trees, kinds: &[FeatureKind], normalizer: f64) -> TreeEnsemble {
    let bins = bins(&trees, kinds, MAX_EDGES);
    let split = |(&feature, &rule): (&u16, &Rule)| split(bins.get(usize::from(feature)), rule);
    TreeEnsemble {
        split: trees.feature.iter().zip(&trees.rules).map(split).collect(),
        bins,
        roots: trees.roots,
        feature: trees.feature,
        child: trees.child,
        category_sets: trees.category_sets,
        n_outputs: 1,
        values: trees.leaves.into_values(),
        rows: Vec::new(),
        combine: Combine::Anomaly { normalizer },
    }
}

fn bins(trees: &Trees, kinds: &[FeatureKind], most: usize) -> Vec<Bins> {
    let mut thresholds = vec![Vec::new(); kinds.len()];
    for (&feature, rule) in trees.feature.iter().zip(&trees.rules) {
        if let Rule::Number { threshold, .. } = rule {
            thresholds[usize::from(feature)].push(*threshold);
        }
    }
    let bins = |(kind, thresholds): (&FeatureKind, Vec<f64>)| match kind {
        FeatureKind::Categorical { n } => Bins::Categorical { n: *n },
        FeatureKind::Numeric => Bins::Numeric { edges: edges(thresholds, most) },
    };
    kinds.iter().zip(thresholds).map(bins).collect()
}

/// The thresholds, ascending, each once; with too many, every second, third, … and the last.
fn edges(mut thresholds: Vec<f64>, most: usize) -> Vec<f64> {
    sort_numbers(&mut thresholds);
    thresholds.dedup();
    let stride = thresholds.len().div_ceil(most).max(1);
    thresholds.chunks(stride).filter_map(|some| some.last().copied()).collect()
}

fn split(bins: Option<&Bins>, rule: Rule) -> u32 {
    match (rule, bins) {
        (Rule::Number { threshold, missing_left }, Some(Bins::Numeric { edges })) => {
            // The edge that is the threshold, or the next one that was kept.
            let code = 1 + edges.partition_point(|&edge| edge < threshold) as u32;
            if missing_left { code | MISSING_LEFT } else { code }
        }
        (Rule::Set(first), _) => first,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_edges_are_thinned_evenly_and_the_last_stays() {
        let thresholds: Vec<f64> = (0..10).rev().flat_map(|edge| [f64::from(edge); 2]).collect();
        assert_eq!(edges(thresholds.clone(), 10), (0..10).map(f64::from).collect::<Vec<_>>());
        assert_eq!(edges(thresholds.clone(), 9), [1.0, 3.0, 5.0, 7.0, 9.0]);
        assert_eq!(edges(thresholds, 4), [2.0, 5.0, 8.0, 9.0]);
        assert_eq!(edges(Vec::new(), 4), [0.0; 0]);
    }

    #[test]
    fn a_threshold_sends_left_what_does_not_exceed_its_edge() {
        let bins = Bins::Numeric { edges: vec![1.0, 3.0] };
        let code = |threshold| split(Some(&bins), Rule::Number { threshold, missing_left: false });
        assert_eq!([code(0.5), code(1.0), code(2.0), code(3.0)], [1, 1, 2, 2]);
        assert!(u32::from(bins.code(1.0)) <= code(1.0) && u32::from(bins.code(1.1)) > code(1.0));
    }
}
