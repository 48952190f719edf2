//! Trees in the file.

use super::estimators::EstimatorHeader;
use super::{damaged, read};
use crate::arrays::{Array, Packed};
use crate::{Bins, Combine, ModelError, TreeEnsemble};

#[inline(never)]
pub(super) fn header(trees: &TreeEnsemble) -> EstimatorHeader {
    let edges = |bins: &Bins| match bins {
        Bins::Numeric { edges } => Some(edges.len() as u32),
        Bins::Categorical { .. } => None,
    };
    let categories = |bins: &Bins| match bins {
        Bins::Numeric { .. } => None,
        Bins::Categorical { n } => Some(*n),
    };
    EstimatorHeader::Trees {
        n_outputs: trees.n_outputs,
        combine: trees.combine.clone(),
        edges: trees.bins.iter().map(edges).collect(),
        categories: trees.bins.iter().map(categories).collect(),
    }
}

#[inline(never)]
pub(super) fn arrays(trees: &TreeEnsemble) -> Vec<Array<'_>> {
    let edges: Vec<f64> = trees
        .bins
        .iter()
        .flat_map(|bins| match bins {
            Bins::Numeric { edges } => edges.as_slice(),
            Bins::Categorical { .. } => &[],
        })
        .copied()
        .collect();
    let mut arrays = vec![
        Array::new("trees.category_sets", &trees.category_sets),
        Array::new("trees.child", &trees.child),
        Array::new("trees.edges", edges),
        Array::new("trees.feature", &trees.feature),
        Array::new("trees.roots", &trees.roots),
        Array::new("trees.split", &trees.split),
        Array::new("trees.values", &trees.values),
    ];
    if !trees.rows.is_empty() {
        // Earlier versions do not ask for it, and predict the same without.
        arrays.push(Array::new("trees.rows", &trees.rows));
    }
    arrays
}

/// One a feature, from how many edges or categories it has.
#[inline(never)]
pub(super) fn read_bins(
    tensors: &Packed,
    edges: &[Option<u32>],
    categories: &[Option<u32>],
) -> Result<Vec<Bins>, ModelError> {
    if edges.len() != categories.len() {
        return Err(damaged("bins are described twice, differently"));
    }
    let all_edges: Vec<f64> = read(tensors, "trees.edges")?;
    let mut rest = all_edges.as_slice();
    let mut bins = |pair| match pair {
        (&Some(n), &None) => {
            let (own, others) = rest
                .split_at_checked(n as usize)
                .ok_or_else(|| damaged("there are fewer bin edges than described"))?;
            rest = others;
            Ok(Bins::Numeric { edges: own.to_vec() })
        }
        (&None, &Some(n)) => Ok(Bins::Categorical { n }),
        _ => Err(damaged("a feature is neither numeric nor categorical")),
    };
    edges.iter().zip(categories).map(&mut bins).collect()
}

#[inline(never)]
pub(super) fn read_trees(
    tensors: &Packed,
    n_outputs: usize,
    combine: Combine,
    bins: Vec<Bins>,
) -> Result<TreeEnsemble, ModelError> {
    Ok(TreeEnsemble {
        bins,
        roots: read(tensors, "trees.roots")?,
        feature: read(tensors, "trees.feature")?,
        split: read(tensors, "trees.split")?,
        child: read(tensors, "trees.child")?,
        category_sets: read(tensors, "trees.category_sets")?,
        n_outputs,
        values: read(tensors, "trees.values")?,
        rows: tensors.optional("trees.rows").map_err(damaged)?.unwrap_or_default(),
        combine,
    })
}
