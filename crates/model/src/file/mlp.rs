//! Neural networks in the file: the weights of all layers one after the other, then the biases.

use super::estimators::EstimatorHeader;
use super::{damaged, read};
use crate::arrays::{Array, Packed};
use crate::{Dense, Mlp, ModelError};

#[inline(never)]
pub(super) fn header(network: &Mlp) -> EstimatorHeader {
    let units = network.layers.iter().map(Dense::units);
    EstimatorHeader::Mlp {
        widths: [network.n_features()].into_iter().chain(units).collect(),
        activation: network.activation,
        link: network.link,
        target: network.target,
    }
}

#[inline(never)]
pub(super) fn arrays(network: &Mlp) -> Vec<Array<'_>> {
    let layers = || network.layers.iter();
    let weights: Vec<f32> = layers().flat_map(|layer| &layer.weights).copied().collect();
    let biases: Vec<f32> = layers().flat_map(|layer| &layer.biases).copied().collect();
    vec![Array::new("mlp.biases", biases), Array::new("mlp.weights", weights)]
}

/// The layers, from the number of inputs and the units of each.
#[inline(never)]
pub(super) fn read_layers(tensors: &Packed, widths: &[usize]) -> Result<Vec<Dense>, ModelError> {
    let (weights, biases) = (read(tensors, "mlp.weights")?, read(tensors, "mlp.biases")?);
    let (mut weights, mut biases): (&[f32], &[f32]) = (&weights, &biases);
    let mut layer = |pair: &[usize]| {
        let (inputs, units) = (pair[0], pair[1]);
        let weights = inputs.checked_mul(units).and_then(|n| take(&mut weights, n))?;
        Some(Dense { inputs, weights, biases: take(&mut biases, units)? })
    };
    let layers: Option<Vec<Dense>> = widths.windows(2).map(&mut layer).collect();
    layers
        .filter(|_| weights.is_empty() && biases.is_empty())
        .ok_or_else(|| damaged("the network's arrays are not as long as its layers need"))
}

fn take(rest: &mut &[f32], n: usize) -> Option<Vec<f32>> {
    let (own, others) = rest.split_at_checked(n)?;
    *rest = others;
    Some(own.to_vec())
}
