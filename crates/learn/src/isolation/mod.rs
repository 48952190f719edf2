//! Isolation forest (Liu, Ting & Zhou 2008, "Isolation Forest"): how easily a row is told apart from
//! all others by random questions says how much of an anomaly it is. Nothing is learned from a target.
//!
//! Each tree is grown on `max_samples` rows, drawn without replacement, down to `ceil(log2(max_samples))`
//! splits. A split asks for a feature drawn among those that differ in its rows, and
//!
//! * of a number, whether it exceeds a threshold drawn evenly between the least and the greatest of
//!   the rows. Missing values go to a side drawn at random; where all known values are equal, they
//!   part from those.
//! * of a category, whether it is in a set drawn at random, in which each category is with
//!   probability 1/2 and not all of the rows' categories are. Missing is a category of its own here.
//!   So one that none of the rows had goes to a random side.
//!
//! A leaf holds its depth, and the mean depth that telling apart its rows would add
//! ([`average_path`](hedgerow_model::average_path)). The score of a row is `2^(-E/c)`: `E` is the mean
//! over the trees, `c` that of telling apart `max_samples` rows. It is between 0 and 1; rows without
//! anything special have about 0.5 or less. Unlike scikit-learn's, which is the negative, larger is
//! more anomalous.
//!
//! # Thresholds and codes
//!
//! The thresholds are drawn from the values themselves, and the model's bin edges are all that any
//! tree uses. The bins other trees learn from would not do: they hold equally many rows, so the few
//! most extreme values, which this is all about, share one, whatever their distance. Codes of 2
//! bytes have room for 100 trees of 256 rows on a single feature. Where a feature has more than
//! 32,767 thresholds, neighbouring ones become one: then as many rows as are between those are counted
//! on the wrong side by the trees that drew the ones given up.
//!
//! # What a model says
//!
//! It is one of two classes, `normal` and `anomaly`, or the two labels of a target that was named, the
//! rarer of which is the anomaly. The score stands where other models have the probability of the
//! second class. From the threshold on a row is an anomaly: 0.5 as in scikit-learn, or such that a
//! share of `contamination` of the rows learned from are. That ties with the row at the threshold
//! are anomalies, too, can make them more.
//!
//! Sample weights are refused: rows are drawn without replacement, so that a row of weight 2 is not
//! the same as two rows.

mod codes;
mod fitting;
mod grow;
mod params;
#[cfg(test)]
mod tests;

pub use params::IsolationForest;
