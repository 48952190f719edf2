//! The interface between growing a tree and the arithmetic of a target.

use super::ids::{Along, Members};
use super::lanes::Weights;
use super::split::{Best, Feature};

/// Features searched together at most, so that one pass over the rows serves them all.
pub(super) const BATCH: usize = 4;

/// The arithmetic of one kind of target.
pub(super) trait Kernel: Send + 'static {
    /// What a row brings along: its weight and target.
    type Row: Along + Send + 'static;

    /// What may be known of a node before it is begun.
    type Known: Copy + Default + Send;

    /// Tells what each row of the node begun last weighs, both classes and the second, if there are two
    /// and all they weigh are small whole numbers; what they weigh together.
    fn weights(
        &self,
        _rows: Members<Self::Row>,
        _both: &mut [u8],
        _second: &mut [u8],
    ) -> Option<Weights> {
        None
    }

    /// Begins with a tree, whose features and sample these are.
    fn begin(&mut self, features: &[Feature], rows: Members<Self::Row>);

    /// Begins with a node; whether all its rows have the same target.
    fn open(&mut self, rows: Members<Self::Row>, known: Self::Known) -> bool;

    /// What is known of the children of the node begun last, if it is split by the best split found:
    /// of the left one, and of the right one.
    fn children(&self) -> [Self::Known; 2] {
        [Self::Known::default(); 2]
    }

    /// How many features to search at once in a node of `rows` rows.
    fn batch(&self, rows: usize) -> usize;

    /// Searches `features` (at most [`BATCH`]) in the node begun last, which has these rows. Bit `i`
    /// of the result says that feature `i` has the same code in all rows.
    fn search(&mut self, features: &[Feature], rows: Members<Self::Row>, best: &mut Best) -> u32;

    /// By how much a split of that score lowers the weighted impurity of the node begun last.
    fn decrease(&self, score: f64) -> f64;

    /// The impurity of the node begun last, which has these rows, times their weight.
    fn risk(&self, rows: Members<Self::Row>) -> f64;

    /// Appends the outputs of a leaf made of the node begun last.
    fn leaf(&self, rows: Members<Self::Row>, out: &mut Vec<f64>);
}
