//! All of a forest in one call.

use super::{Fitted, ForestBuilder, ForestJob};
use crate::LearnError;

impl ForestJob {
    /// Fits all trees, one after the other.
    ///
    /// # Errors
    /// [`LearnError::BadJob`] when the forest grows beyond 4 billion nodes.
    pub fn fit(&self) -> Result<Fitted, LearnError> {
        let mut builder = ForestBuilder::new(self);
        (0..self.n_tasks()).try_for_each(|index| builder.add(self, index, self.fit_tree(index)))?;
        builder.finish(self)
    }
}
