//! The parameters of a neural network.

use hedgerow_model::Activation;
use hedgerow_model::mlp::MAX_WEIGHTS;

use crate::LearnError;
use crate::declare::parameters;

parameters! {
    /// Neural network: a multilayer perceptron, trained with Adam (Kingma & Ba 2015) on
    /// mini-batches.
    ///
    /// Minimises the log loss of classes and the squared error of numbers, whose target is
    /// standardised inside. Weights are `f32`. Names and defaults are those of scikit-learn's
    /// `MLPClassifier` and `MLPRegressor`, dropout (Srivastava et al. 2014) apart.
    pub struct Mlp = "mlp", "Neural network" {
        /// Units of each hidden layer, 1 to 4,096 in at most 8 layers. Default `[100]`.
        hidden_layer_sizes: Vec<u32> = vec![100],
            list(1, 4_096, 8).label("Hidden layers").basic()
                .tune_each(&["[32]", "[64]", "[100]", "[256]", "[64, 64]", "[128, 64]"]);
        /// What a hidden unit makes of its weighted sum: `relu` or `tanh`. Default `relu`.
        activation: Activation = Activation::Relu,
            choice(&[("relu", "rectifier"), ("tanh", "hyperbolic tangent")])
                .label("Activation").tune_each(&["\"relu\"", "\"tanh\""]);
        /// Step size of Adam, above 0 and at most 1. Default 0.001.
        learning_rate: f64 = 0.001,
            number(0.0, 1.0).above().label("Learning rate").basic().tune_log(1e-4, 1e-2);
        /// Passes over the rows at most, 1 to 100,000. Default 200. The fit ends earlier when it
        /// no longer gets better.
        max_iter: u32 = 200, whole(1, 100_000).label("Epochs at most").basic();
        /// Rows a step learns from, from 1; `null` for 200, or all when there are fewer. Default
        /// `null`.
        batch_size: Option<u32> as "number | null" = None,
            whole(1, u32::MAX).label("Rows a batch").optional("200 at most")
                .tune_each(&["null", "64", "256"]);
        /// Weight decay: strength of the L2 penalty, at least 0. Default 0.0001.
        alpha: f64 = 1e-4,
            number(0.0, 1e9).label("Weight decay").tune_log(1e-6, 1e-1);
        /// Share of the hidden units that are left out of each step, at least 0 and below 1.
        /// Default 0.
        dropout: f64 = 0.0, number(0.0, 1.0).below().label("Dropout").tune(0.0, 0.5);
        /// Whether some rows are kept to watch the score on, and the weights of the best epoch are
        /// taken. Without, the loss on the rows learned from is watched. Default `false`.
        early_stopping: bool = false, switch().label("Stop early by rows kept aside");
        /// Share of the rows kept for early stopping, above 0 and below 1. Default 0.1.
        validation_fraction: f64 = 0.1,
            number(0.0, 1.0).above().below().label("Rows kept aside");
        /// Epochs without getting better by `tol` after which the fit ends, from 1. Default 10.
        n_iter_no_change: u32 = 10, whole(1, u32::MAX).label("Patience, in epochs");
        /// By how much an epoch must be better to count as better, at least 0. Default 0.0001.
        tol: f64 = 1e-4, number(0.0, 1e9).label("Tolerance");
    }
}

impl Mlp {
    /// Rows a batch has, of `rows`.
    pub(super) fn batch(&self, rows: usize) -> usize {
        self.batch_size.map_or(200, |size| size as usize).clamp(1, rows.max(1))
    }

    /// Units of all layers, from the features to the scores.
    ///
    /// # Errors
    /// [`LearnError::BadParameter`] for more weights than fit into a network.
    pub(super) fn widths(&self, features: usize, scores: usize) -> Result<Vec<usize>, LearnError> {
        let hidden = self.hidden_layer_sizes.iter().map(|&units| units as usize);
        let widths: Vec<usize> = [features].into_iter().chain(hidden).chain([scores]).collect();
        let weights: usize = widths.windows(2).map(|pair| pair[0].saturating_mul(pair[1])).sum();
        if weights <= MAX_WEIGHTS {
            return Ok(widths);
        }
        Err(LearnError::BadParameter {
            name: "hidden_layer_sizes",
            value: format!("{:?}", self.hidden_layer_sizes),
            expected: format!(
                "so few units that there are at most {MAX_WEIGHTS} weights; with {features} \
                 features and {scores} outputs there are {weights}"
            )
            .into(),
        })
    }
}
