//! Adam (Kingma & Ba 2015, algorithm 1 in the form of the end of its section 2).

use hedgerow_model::{Dense, Mlp};

use super::pass::zeros;

const BETA_1: f32 = 0.9;
const BETA_2: f32 = 0.999;
const EPSILON: f32 = 1e-8;

/// The moments of the gradients so far.
pub(super) struct Adam {
    first: Vec<Dense>,
    second: Vec<Dense>,
    learning_rate: f64,
    /// `BETA_1` and `BETA_2` to the power of the steps so far.
    powers: [f64; 2],
}

impl Adam {
    pub fn new(network: &Mlp, learning_rate: f64) -> Self {
        Self { first: zeros(network), second: zeros(network), learning_rate, powers: [1.0, 1.0] }
    }

    /// Makes a step. `gradients` are sums over rows that weigh `total`; `alpha` times the weights
    /// is added to them, as in scikit-learn.
    pub fn step(&mut self, network: &mut Mlp, gradients: &[Dense], total: f64, alpha: f64) {
        self.powers[0] *= f64::from(BETA_1);
        self.powers[1] *= f64::from(BETA_2);
        let rate = self.learning_rate * (1.0 - self.powers[1]).sqrt() / (1.0 - self.powers[0]);
        let step = Step { rate: rate as f32, scale: (1.0 / total) as f32, alpha: alpha as f32 };
        let moments = self.first.iter_mut().zip(&mut self.second);
        for ((layer, own), (first, second)) in network.layers.iter_mut().zip(gradients).zip(moments)
        {
            let (m, v) = (&mut first.weights, &mut second.weights);
            step.apply(&mut layer.weights, &own.weights, m, v);
            let (m, v) = (&mut first.biases, &mut second.biases);
            Step { alpha: 0.0, ..step }.apply(&mut layer.biases, &own.biases, m, v);
        }
    }
}

#[derive(Clone, Copy)]
struct Step {
    rate: f32,
    scale: f32,
    alpha: f32,
}

impl Step {
    #[inline(never)]
    fn apply(self, values: &mut [f32], gradients: &[f32], first: &mut [f32], second: &mut [f32]) {
        let moments = first.iter_mut().zip(second);
        for ((value, gradient), (m, v)) in values.iter_mut().zip(gradients).zip(moments) {
            let gradient = (gradient + self.alpha * *value) * self.scale;
            *m = BETA_1 * *m + (1.0 - BETA_1) * gradient;
            *v = BETA_2 * *v + (1.0 - BETA_2) * (gradient * gradient);
            *value -= self.rate * *m / (v.sqrt() + EPSILON);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first two steps by hand: whatever the gradient's size, the first step is the learning
    /// rate.
    #[test]
    fn steps_are_those_of_the_paper() {
        let mut network = Mlp {
            layers: vec![Dense { inputs: 1, weights: vec![1.0], biases: vec![0.0] }],
            activation: Default::default(),
            link: hedgerow_model::Link::Identity,
            target: None,
        };
        let mut adam = Adam::new(&network, 0.1);
        let gradients =
            |weight, bias| vec![Dense { inputs: 1, weights: vec![weight], biases: vec![bias] }];
        adam.step(&mut network, &gradients(4.0, -4.0), 2.0, 0.0);
        assert!((network.layers[0].weights[0] - 0.9).abs() < 1e-6);
        assert!((network.layers[0].biases[0] - 0.1).abs() < 1e-6);
        adam.step(&mut network, &gradients(2.0, 0.0), 2.0, 0.0);
        // m = .9 * .2 + .1 = .28, v = .999 * .004 + .001 = .004996; corrected .28 / .19 and
        // .004996 / .001999.
        let second = 0.1 * (0.28 / 0.19) / (0.004_996f64 / 0.001_999).sqrt();
        assert!((f64::from(network.layers[0].weights[0]) - (0.9 - second)).abs() < 1e-5);
    }
}
