//! Random forests (Breiman 2001) for classes and numbers, on features binned to bytes.
//!
//! A [`ForestJob`] is everything that is needed to fit any tree: [`Binned`] features, a [`Target`],
//! weights, [`RandomForest`] parameters and a seed. [`ForestJob::fit_tree`] fits one, anywhere, as
//! a [`TreePart`]; a [`ForestBuilder`] makes a [`Fitted`] forest of the parts. Jobs and parts go
//! between workers as bytes.
//!
//! How a tree grows: `sample` (in `job`) draws rows; `grow` goes depth first over the nodes and
//! asks a `Kernel` for each node's best split (`moments` for regression and two classes, `classes`
//! for more), then `divide`s its rows; `near` keeps the codes of a small subtree's rows together, and
//! `twig` grows the ends of trees of two classes, where rows are few, with `lanes` of sixteen.
//! `split` says what a split is and how missing values and categories are tried.
//!
//! ```
//! use hedgerow_data::sorted_numbers;
//! use hedgerow_learn::binning::{encode, fit_bins};
//! use hedgerow_learn::forest::{Binned, ForestJob, RandomForest, Target};
//!
//! # fn main() -> Result<(), hedgerow_learn::LearnError> {
//! let x = [1.0, 2.0, 3.0, f64::NAN, 5.0, 6.0];
//! let bins = fit_bins(&sorted_numbers(&x), 255);
//! let binned = Binned::new(vec![encode(&x, &bins)], vec![bins], x.len())?;
//! let target = Target::Classes { codes: vec![0, 0, 0, 1, 1, 1], n: 2 };
//! let fitted = ForestJob::new(binned, target, None, RandomForest::default(), 42)?.fit()?;
//! let shares = fitted.trees.predict(&[x[..].into()], x.len());
//! assert!(shares[0] > 0.5, "class 0 in row 0");
//! # Ok(())
//! # }
//! ```

mod bar;
mod builder;
mod bytes;
mod cells;
mod choices;
mod class_cuts;
mod classes;
mod divide;
mod extra;
mod fit;
mod fitting;
mod grow;
mod grown;
mod growth;
mod ids;
mod job;
mod kernel;
mod lanes;
mod layout;
mod leaves;
mod moments;
mod near;
mod nodes;
mod oob;
mod params;
mod part;
mod priors;
mod prune;
mod random;
mod single;
mod split;
mod sums;
mod twig;
#[cfg(feature = "twins")]
pub(crate) mod twins;

pub use builder::{Fitted, ForestBuilder};
pub use extra::ExtraTrees;
pub use job::{Binned, ForestJob, Target};
pub(crate) use leaves::Leaves;
pub use oob::Oob;
pub(crate) use params::CLASS_WEIGHTS;
pub use params::{ClassWeight, MaxFeatures, RandomForest};
pub use part::TreePart;
pub use prune::PruningPath;
pub(crate) use random::Random;
pub use single::DecisionTree;
pub(crate) use split::{CODES, Rule, is_categorical, middle};
