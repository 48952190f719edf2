//! The fitted form of neural networks.

mod activation;
pub mod kernels;

use alloc::borrow::Cow;
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Deref;

pub use activation::{Activation, exp};
use kernels::{Columns, Strided, multiply};

use crate::{Link, Scale, Unsound};

/// Rows whose hidden units are computed at a time.
const BLOCK: usize = 256;

/// The most features, layers, units of a layer, and weights of all layers: what bounds the memory
/// that prediction takes, whoever made the network.
pub const MAX_FEATURES: usize = u16::MAX as usize;
pub const MAX_LAYERS: usize = 16;
pub const MAX_UNITS: usize = 4_096;
pub const MAX_WEIGHTS: usize = 4_000_000;

/// Inputs beyond this count as this: far from where `f32` overflows in the sums behind.
pub const LARGEST: f64 = 1e12;

/// A layer whose every unit reads every input.
#[derive(Debug, Clone, PartialEq)]
pub struct Dense<A = Vec<f32>> {
    /// Number of inputs.
    pub inputs: usize,
    /// Unit by unit, one an input.
    pub weights: A,
    /// One a unit.
    pub biases: A,
}

impl Dense {
    /// A layer of zeros.
    pub fn zeros(inputs: usize, units: usize) -> Self {
        Self { inputs, weights: vec![0.0; inputs * units], biases: vec![0.0; units] }
    }
}

impl<A: Deref<Target = [f32]>> Dense<A> {
    /// Number of units.
    pub fn units(&self) -> usize {
        self.biases.len()
    }

    /// Weighted sums of a panel of inputs, into a panel of units.
    pub fn forward(
        &self,
        inputs: &[f32],
        columns: Columns,
        scratch: &mut Vec<f32>,
        out: &mut [f32],
    ) {
        let weights = Strided { values: &self.weights, row: self.inputs, column: 1 };
        multiply(weights, self.units(), &self.biases, inputs, columns, scratch, out);
    }

    fn is_sound(&self) -> bool {
        let finite = |values: &[f32]| values.iter().all(|value| value.is_finite());
        (1..=MAX_FEATURES).contains(&self.inputs)
            && (1..=MAX_UNITS).contains(&self.units())
            && self.weights.len() == self.inputs * self.units()
            && finite(&self.weights)
            && finite(&self.biases)
    }
}

/// A multilayer perceptron: dense layers with an activation between, and a link behind the last.
/// Weights and sums are `f32`, every sum in one order.
#[derive(Debug, Clone, PartialEq)]
pub struct Mlp<A = Vec<f32>> {
    /// At least one; the last one's units are the scores.
    pub layers: Vec<Dense<A>>,
    pub activation: Activation,
    pub link: Link,
    /// Of the target, for networks that were trained on a standardised one: a score `s` stands for
    /// `s * std + mean`.
    pub target: Option<Scale>,
}

/// A feature's value as a network reads it.
#[inline]
pub fn input(value: f64) -> f32 {
    value.clamp(-LARGEST, LARGEST) as f32
}

/// Adds some thousand values, or fewer, as a network reads them.
#[inline(never)]
pub fn add_inputs(inputs: &mut Vec<f32>, values: &[f64]) {
    inputs.extend(values.iter().map(|&value| input(value)));
}

impl<A: Deref<Target = [f32]>> Mlp<A> {
    /// Number of features.
    pub fn n_features(&self) -> usize {
        self.layers.first().map_or(0, |layer| layer.inputs)
    }

    /// Number of scores.
    fn n_scores(&self) -> usize {
        self.layers.last().map_or(0, Dense::units)
    }

    /// Numbers an output row has.
    pub fn n_outputs(&self) -> usize {
        self.link.n_outputs(self.n_scores()).unwrap_or(0)
    }

    /// Which of the features have a weight.
    pub fn uses(&self) -> Vec<bool> {
        let n = self.n_features();
        let weights = self.layers.first().map_or(&[][..], |layer| &layer.weights);
        let nonzero = |feature| weights.iter().skip(feature).step_by(n).any(|&w| w != 0.0);
        (0..n).map(nonzero).collect()
    }

    /// Outputs for `rows` rows, row by row. A row with a missing feature has no outputs either:
    /// preparation fills what is missing.
    #[inline(never)]
    pub fn predict(&self, features: &[Cow<[f64]>], rows: usize) -> Vec<f64> {
        let width = self.n_scores();
        let columns = Columns::of(rows.min(BLOCK));
        let stride = columns.stride();
        let mut panels = vec![columns.panel(self.n_features())];
        for layer in &self.layers {
            panels.push(columns.panel(layer.units()));
        }
        let mut scores = Vec::with_capacity(rows * width);
        for start in (0..rows).step_by(BLOCK) {
            let block = start..rows.min(start + BLOCK);
            for (panel, values) in panels[0].chunks_exact_mut(stride).zip(features) {
                let values = values.get(block.clone()).unwrap_or(&[]);
                panel.iter_mut().zip(values).for_each(|(cell, &value)| *cell = input(value));
            }
            self.forward(&mut panels, columns, &mut Vec::new());
            let last = panels.last().map_or(&[][..], Vec::as_slice);
            for row in 0..block.len() {
                scores.extend((0..width).map(|unit| self.unscaled(last[unit * stride + row])));
            }
        }
        self.link.apply(scores, width)
    }

    fn unscaled(&self, score: f32) -> f64 {
        let score = f64::from(score);
        self.target.map_or(score, |scale| score * scale.std + scale.mean)
    }

    /// Fills `panels[1..]`, the outputs of each layer, from `panels[0]`, the inputs. The last
    /// layer's are the scores, before the link.
    pub fn forward(&self, panels: &mut [Vec<f32>], columns: Columns, scratch: &mut Vec<f32>) {
        for (index, layer) in self.layers.iter().enumerate() {
            let (before, behind) = panels.split_at_mut(index + 1);
            layer.forward(&before[index], columns, scratch, &mut behind[0]);
            if index + 1 < self.layers.len() {
                self.activation.apply(&mut behind[0]);
            }
        }
    }

    /// Checks what `predict` relies on.
    ///
    /// # Errors
    /// [`Unsound`].
    pub fn check(&self) -> Result<(), Unsound> {
        let unsound = |reason| Err(Unsound::because(reason));
        let chained = self.layers.windows(2).all(|pair| pair[0].units() == pair[1].inputs);
        if !(1..=MAX_LAYERS).contains(&self.layers.len()) || !chained {
            return unsound("the layers of the network do not fit together");
        }
        if !self.layers.iter().all(Dense::is_sound) {
            return unsound(
                "a layer of the network is too wide, or its weights are not one an input and finite",
            );
        }
        if self.link.n_outputs(self.n_scores()).is_none() {
            return unsound("the network's scores and link do not fit together");
        }
        let scale = self.target.unwrap_or(Scale { mean: 0.0, std: 1.0 });
        if !scale.mean.is_finite() || !scale.std.is_finite() {
            return unsound("the network's target scale is not finite");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;
    use crate::examples::mlp as example;

    #[test]
    fn hidden_units_make_what_no_line_can() {
        let x: Vec<f64> = (-300..300).map(f64::from).collect();
        let outputs = example().predict(&[x[..].into(), x[..].into()], x.len());
        assert!(x.iter().zip(&outputs).all(|(x, y)| *y == 10.0 * x.abs() + 5.0));
        assert_eq!(example().uses(), [true, false]);
        assert!(example().predict(&[(&[][..]).into(), (&[][..]).into()], 0).is_empty());
    }

    #[test]
    fn a_row_alone_is_predicted_as_among_others() {
        let network = Mlp { activation: Activation::Tanh, ..example() };
        let x: Vec<f64> = (0..700).map(|row| f64::from(row % 37) / 7.0 - 2.0).collect();
        let all = network.predict(&[x[..].into(), x[..].into()], x.len());
        for row in [0, 1, 255, 256, 699] {
            let one = network.predict(&[x[row..=row].into(), x[row..=row].into()], 1);
            assert_eq!(one, all[row..=row]);
        }
    }

    #[test]
    fn numbers_beyond_f32_stay_numbers() {
        let outputs =
            example().predict(&[(&[1e300, f64::INFINITY][..]).into(), (&[0.0; 2][..]).into()], 2);
        assert!(outputs.iter().all(|value| value.is_finite()));
    }

    #[test]
    fn a_form_that_does_not_fit_together_is_refused() {
        assert!(example().check().is_ok());
        let broken = |change: fn(&mut Mlp)| {
            let mut network = example();
            change(&mut network);
            network.check().is_err()
        };
        assert!(broken(|network| network.layers.clear()));
        assert!(broken(|network| network.layers[1].inputs = 1));
        assert!(broken(|network| network.layers[0].inputs = usize::MAX));
        let wide = |network: &mut Mlp| {
            network.layers = vec![Dense::zeros(0, 1 << 20), Dense::zeros(1 << 20, 1)];
        };
        assert!(broken(wide), "units without weights of their own cost a file little");
        assert!(broken(|network| network.layers[0].weights[0] = f32::NAN));
        assert!(broken(|network| network.link = Link::Softmax));
        assert!(broken(|network| network.target = Some(Scale { mean: f64::NAN, std: 1.0 })));
    }
}
