//! Nearest neighbours in the file: the rows learned from.

use super::estimators::EstimatorHeader;
use super::read;
use crate::arrays::{Array, Packed};
use crate::{Answers, ModelError, NeighborRows, Neighbors};

#[inline(never)]
pub(super) fn header(neighbors: &Neighbors) -> EstimatorHeader {
    let classes = match &neighbors.answers {
        Answers::Classes { n, .. } => Some(*n),
        Answers::Values(_) => None,
    };
    EstimatorHeader::Neighbors {
        n_neighbors: neighbors.n_neighbors,
        metric: neighbors.metric,
        votes: neighbors.votes,
        n_features: neighbors.n_features(),
        classes,
    }
}

#[inline(never)]
pub(super) fn arrays(neighbors: &Neighbors) -> Vec<Array<'_>> {
    let answers = match &neighbors.answers {
        Answers::Classes { codes, .. } => Array::new("neighbors.classes", codes),
        Answers::Values(values) => Array::new("neighbors.values", values),
    };
    vec![
        answers,
        Array::new("neighbors.order", neighbors.order()),
        Array::new("neighbors.points", neighbors.points()),
        Array::new("neighbors.weights", &neighbors.weights),
    ]
}

#[inline(never)]
pub(super) fn read_answers(
    tensors: &Packed,
    classes: Option<usize>,
) -> Result<Answers, ModelError> {
    Ok(match classes {
        Some(n) => Answers::Classes { codes: read(tensors, "neighbors.classes")?, n },
        None => Answers::Values(read(tensors, "neighbors.values")?),
    })
}

/// Puts the arrays in, and checks all.
#[inline(never)]
pub(super) fn read_neighbors(
    tensors: &Packed,
    described: NeighborRows,
) -> Result<Neighbors, ModelError> {
    Ok(Neighbors::new(NeighborRows {
        points: read(tensors, "neighbors.points")?,
        order: read(tensors, "neighbors.order")?,
        weights: read(tensors, "neighbors.weights")?,
        ..described
    })?)
}
