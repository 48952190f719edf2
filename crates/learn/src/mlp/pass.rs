//! Rows through a network and gradients back.

use hedgerow_model::mlp::kernels::{Columns, Strided, add_products, multiply};
use hedgerow_model::{Dense, Mlp};

use super::examples::Examples;
use super::loss::loss_and_gradients;
use crate::forest::Random;

/// Rows that go through a network at a time at most; larger batches go in several passes.
pub(super) const PASS: usize = 256;

/// Work space for some rows, and the gradients they sum up to.
pub(super) struct Pass {
    columns: Columns,
    /// Outputs of the layers, the inputs first; one panel each.
    panels: Vec<Vec<f32>>,
    /// Derivatives of the loss by each layer's sums; one panel each.
    deltas: Vec<Vec<f32>>,
    /// With dropout, the derivative of each hidden unit's output, which is 0 where it was left out.
    slopes: Vec<Vec<f32>>,
    /// A row of ones, to sum up with.
    ones: Vec<f32>,
    scratch: Vec<f32>,
    /// Of the weighted loss, summed over the rows of all passes since [`Pass::clear`].
    pub gradients: Vec<Dense>,
}

impl Pass {
    /// For `rows` rows at a time at most.
    pub fn new(network: &Mlp, rows: usize, dropout: bool) -> Self {
        let columns = Columns::of(rows);
        let units = || network.layers.iter().map(Dense::units);
        let hidden = if dropout { network.layers.len() - 1 } else { 0 };
        Self {
            columns,
            panels: [network.n_features()]
                .into_iter()
                .chain(units())
                .map(|rows| columns.panel(rows))
                .collect(),
            deltas: units().map(|rows| columns.panel(rows)).collect(),
            slopes: units().take(hidden).map(|rows| columns.panel(rows)).collect(),
            ones: vec![1.0; columns.stride()],
            scratch: Vec::new(),
            gradients: zeros(network),
        }
    }

    pub fn clear(&mut self) {
        for layer in &mut self.gradients {
            layer.weights.fill(0.0);
            layer.biases.fill(0.0);
        }
    }

    /// The scores of some rows: a panel, and the distance of its rows.
    pub fn scores(&mut self, network: &Mlp, examples: &Examples, rows: &[u32]) -> (&[f32], usize) {
        examples.gather(rows, self.columns.stride(), &mut self.panels[0]);
        network.forward(&mut self.panels, self.columns, &mut self.scratch);
        (self.panels.last().map_or(&[], Vec::as_slice), self.columns.stride())
    }

    /// Adds the gradients of some rows, and returns their loss summed with their weights.
    pub fn learn(
        &mut self,
        network: &Mlp,
        examples: &Examples,
        rows: &[u32],
        dropout: Option<(f64, &mut Random)>,
    ) -> f64 {
        let stride = self.columns.stride();
        examples.gather(rows, stride, &mut self.panels[0]);
        match dropout {
            Some((share, random)) => self.forward_with_dropout(network, share, random),
            None => network.forward(&mut self.panels, self.columns, &mut self.scratch),
        }
        let last = network.layers.len();
        let (scores, deltas) = (&mut self.panels[last], &mut self.deltas[last - 1]);
        let loss = loss_and_gradients(examples, rows, stride, scores, deltas);
        self.backward(network);
        loss
    }

    fn forward_with_dropout(&mut self, network: &Mlp, share: f64, random: &mut Random) {
        for (index, layer) in network.layers.iter().enumerate() {
            let (before, behind) = self.panels.split_at_mut(index + 1);
            let out = &mut behind[0];
            layer.forward(&before[index], self.columns, &mut self.scratch, out);
            let Some(slopes) = self.slopes.get_mut(index) else { continue };
            network.activation.apply(out);
            leave_out(share, random, out, slopes);
            let kept = (1.0 / (1.0 - share)) as f32;
            // The slope is that of the output before it was scaled up.
            network.activation.backward(out, slopes);
            let pairs = out.iter_mut().zip(&mut *slopes);
            pairs.for_each(|(out, slope)| {
                *out *= kept;
                *slope *= kept;
            });
        }
    }

    /// From the derivatives by the scores to those by all weights.
    fn backward(&mut self, network: &Mlp) {
        for (index, layer) in network.layers.iter().enumerate().rev() {
            let (before, behind) = self.deltas.split_at_mut(index);
            let deltas = &behind[0];
            let gradients = &mut self.gradients[index];
            add_products(deltas, &self.panels[index], self.columns, &mut gradients.weights);
            add_products(deltas, &self.ones, self.columns, &mut gradients.biases);
            let Some(below) = before.last_mut() else { continue };
            // The weights by columns: from units back to inputs.
            let weights = Strided { values: &layer.weights, row: 1, column: layer.inputs };
            multiply(weights, layer.inputs, &[], deltas, self.columns, &mut self.scratch, below);
            match self.slopes.get(index - 1) {
                Some(slopes) => below.iter_mut().zip(slopes).for_each(|(d, slope)| *d *= slope),
                None => network.activation.backward(&self.panels[index], below),
            }
        }
    }
}

/// Puts 0 for the outputs of units that are left out, and in `kept` 1 for the others, 0 for them.
fn leave_out(share: f64, random: &mut Random, out: &mut [f32], kept: &mut [f32]) {
    let below = (share * f64::from(u32::MAX)) as u32;
    for (out, kept) in out.iter_mut().zip(kept) {
        *kept = if random.bits() < below { 0.0 } else { 1.0 };
        *out *= *kept;
    }
}

/// Layers of zeros, of a network's shape.
pub(super) fn zeros(network: &Mlp) -> Vec<Dense> {
    network.layers.iter().map(|layer| Dense::zeros(layer.inputs, layer.units())).collect()
}
