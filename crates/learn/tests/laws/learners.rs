//! How far each learner is held to the laws.

use proptest::prelude::*;
use serde_json::{Value, json};

/// How the outputs of two fits compare.
#[derive(Debug, Clone, Copy)]
pub enum How {
    /// No output differs by more than this part of it, or of 1.
    Within(f64),
    /// The outputs differ by no more than this on average.
    OnAverage(f64),
    /// One of both is refused.
    Refused,
}

/// What rows are like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum On {
    /// Few values, so that rows with the same features have different targets; a category and gaps.
    Few,
    /// Numbers that are all different, a category and gaps.
    Mixed,
    /// Numbers that are all different.
    Numbers,
}

/// A law for a learner.
#[derive(Clone, Copy)]
pub struct Holds {
    pub how: How,
    /// On such rows.
    pub on: On,
    /// Whether equally good splits are chosen between, so that only what was seen is sure to get the
    /// same answer.
    pub splits: bool,
    /// With these parameters, where there are so many rows.
    pub given: fn(usize) -> Value,
    /// On features that were not standardised.
    pub as_is: bool,
    /// Why it does not hold to the bit, or not with the defaults.
    pub why: &'static str,
}

/// The laws of a learner, each perhaps with several settings.
pub struct Laws {
    pub order: Vec<Holds>,
    pub classes: Vec<Holds>,
    pub scale: Vec<Holds>,
    pub weights: Vec<Holds>,
}

impl Holds {
    pub const EXACTLY: Self = Self {
        how: How::Within(0.0),
        on: On::Mixed,
        splits: false,
        given: |_| json!({}),
        as_is: false,
        why: "",
    };

    const fn within(tolerance: f64) -> Self {
        Self { how: How::Within(tolerance), ..Self::EXACTLY }
    }

    const fn on_average(bound: f64, why: &'static str) -> Self {
        Self { how: How::OnAverage(bound), why, ..Self::EXACTLY }
    }

    const fn refused(why: &'static str) -> Self {
        Self { how: How::Refused, why, ..Self::EXACTLY }
    }

    const fn on(self, on: On) -> Self {
        Self { on, ..self }
    }

    const fn given(self, given: fn(usize) -> Value) -> Self {
        Self { given, ..self }
    }

    /// The preparation counts rows, not weights: means and deviations of repeated rows are others.
    const fn as_is(self) -> Self {
        Self { as_is: true, ..self }
    }

    pub fn compare(
        &self,
        ours: Result<Vec<f64>, String>,
        theirs: Result<Vec<f64>, String>,
        who: &str,
    ) -> Result<(), TestCaseError> {
        if matches!(self.how, How::Refused) {
            prop_assert!(ours.is_err() || theirs.is_err(), "{who} refuses neither");
            return Ok(());
        }
        let [ours, theirs] =
            [ours, theirs].map(|found| found.unwrap_or_else(|error| panic!("{who}: {error}")));
        prop_assert_eq!(ours.len(), theirs.len());
        let apart = |(a, b): (&f64, &f64)| (a - b).abs() / (1.0 + b.abs());
        let apart: Vec<f64> = ours.iter().zip(&theirs).map(apart).collect();
        let mean = apart.iter().sum::<f64>() / apart.len() as f64;
        let agree = match self.how {
            How::Within(most) => apart.iter().all(|&apart| apart <= most),
            How::OnAverage(most) => mean <= most,
            How::Refused => unreachable!("that is above"),
        };
        prop_assert!(agree, "{who}: {ours:?} and {theirs:?} are {mean} apart, not {:?}", self.how);
        Ok(())
    }
}

/// Panics for a learner that is not here yet.
pub fn laws_of(kind: &str) -> Laws {
    match kind {
        "decision-tree" => Laws::all(TREE),
        "random-forest" => Laws {
            order: vec![ALL_ROWS, DRAWN],
            scale: vec![TREES],
            weights: vec![ALL_ROWS, DRAWN],
            ..Laws::all(ALL_ROWS)
        },
        "extra-trees" => Laws::all(TREES),
        "gradient-boosting" => {
            let drawn = |_| json!({ "n_estimators": 30, "subsample": 0.7, "min_samples_leaf": 3 });
            // How many rows a leaf has is told from its weight: that is bounded instead.
            let by_weight =
                |_| json!({ "n_estimators": 10, "min_samples_leaf": 1, "min_child_weight": 3.3 });
            let weights = Holds::on_average(
                0.03,
                "of gradients rounded to whole numbers another split may be best",
            );
            Laws {
                order: vec![BOOSTING, DRAWN.given(drawn)],
                weights: vec![weights.on(On::Numbers).given(by_weight)],
                ..Laws::all(BOOSTING)
            }
        }
        "linfa-cart" => Laws {
            order: vec![CART],
            // In pure leaves nothing else can be. Where some class is as frequent as another, which of
            // them is the answer decides what linfa-trees takes back of a tree.
            classes: vec![
                CART.given(|_| json!({ "max_depth": 64 })),
                Holds {
                    how: How::OnAverage(0.2),
                    why: "of equally frequent classes the first is the answer",
                    ..TREE
                },
            ],
            ..Laws::all(TREE)
        },
        "isolation-forest" => Laws {
            order: vec![
                TREES.on(On::Mixed),
                DRAWN.given(|_| json!({ "n_estimators": 50, "max_samples": 16 })),
            ],
            weights: vec![Holds::refused(
                "rows are drawn without replacement, so none is there twice",
            )],
            ..Laws::all(TREES.on(On::Mixed))
        },
        "naive-bayes" => Laws::all(Holds::within(1e-6)),
        "k-nearest-neighbors" => Laws {
            // A row that stands twice takes the place of another neighbour, unless all vote.
            weights: vec![
                Holds::within(1e-9)
                    .given(|rows| json!({ "n_neighbors": rows, "weights": "distance" }))
                    .as_is(),
            ],
            ..Laws::all(Holds::within(1e-9))
        },
        "linear-regression" => Laws::all(Holds::within(1e-9)),
        "ridge" => Laws { weights: vec![RIDGE.as_is()], ..Laws::all(RIDGE) },
        "elastic-net" => Laws { weights: vec![NET.as_is()], ..Laws::all(NET) },
        "logistic-regression" => Laws { weights: vec![LOGISTIC.as_is()], ..Laws::all(LOGISTIC) },
        "mlp" => {
            let batches = |_| {
                network(
                    json!({ "learning_rate": 0.005, "batch_size": 8, "max_iter": 60, "alpha": 1.0 }),
                )
            };
            let steady = |_| {
                network(json!({ "learning_rate": 0.02, "max_iter": 400, "alpha": 1.0, "tol": 0.0 }))
            };
            let by_place = Holds::on_average(0.3, "which rows make a batch goes by their place");
            let by_class =
                Holds::on_average(0.08, "the units of the classes begin with other weights");
            Laws {
                order: vec![WHOLE_BATCH, by_place.given(batches)],
                classes: vec![by_class.given(steady)],
                weights: vec![WHOLE_BATCH.as_is()],
                ..Laws::all(WHOLE_BATCH)
            }
        }
        other => panic!("which laws does {other} follow?"),
    }
}

impl Laws {
    fn all(holds: Holds) -> Self {
        let all = || vec![holds];
        Self { order: all(), classes: all(), scale: all(), weights: all() }
    }
}

const TREE: Holds = Holds { splits: true, on: On::Few, ..Holds::within(1e-9) };
const TREES: Holds = TREE.given(|_| json!({ "n_estimators": 8 }));
/// A bootstrap sample would be of other rows.
const ALL_ROWS: Holds = TREE.given(|_| json!({ "n_estimators": 8, "bootstrap": false }));
const DRAWN: Holds = Holds::on_average(0.2, "rows are drawn by their place, so other ones are")
    .on(On::Few)
    .given(|_| json!({ "n_estimators": 50 }));
/// The first guess is a mean, whose last digits go by the order of the rows.
const BOOSTING: Holds = Holds { how: How::Within(1e-6), ..TREE }
    .given(|_| json!({ "n_estimators": 10, "min_samples_leaf": 3 }));
/// linfa-trees passes over the split behind a row where the next one in order has the same value,
/// even if that is in another node: of rows with the same value, their order matters.
const CART: Holds = TREE.on(On::Numbers);
const RIDGE: Holds = Holds::within(1e-9);
const NET: Holds =
    Holds::within(1e-6).given(|_| json!({ "alpha": 0.05, "tol": 1e-12, "max_iter": 100_000 }));
const LOGISTIC: Holds = Holds::within(1e-6).given(|_| json!({ "tol": 1e-11 }));
/// Every step sees all rows. The penalty counts against rows, however much they weigh.
const WHOLE_BATCH: Holds = Holds::within(1e-3)
    .given(|_| network(json!({ "batch_size": 1_000, "max_iter": 20, "alpha": 0.0 })));

/// Parameters of a network that is small and smooth.
fn network(mut params: Value) -> Value {
    params["hidden_layer_sizes"] = json!([8]);
    params["activation"] = json!("tanh");
    if params.get("learning_rate").is_none() {
        params["learning_rate"] = json!(0.01);
    }
    params
}
