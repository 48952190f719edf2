//! linfa's interface: all of it in one call.

use linfa::DatasetBase;
use linfa::traits::Fit;

use super::{Binned, Fitted, ForestBuilder, ForestJob, RandomForestValid, Target};
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

impl Fit<Binned, Target, LearnError> for RandomForestValid {
    type Object = Fitted;

    /// The data set's weights count where there is one a row.
    fn fit(&self, dataset: &DatasetBase<Binned, Target>) -> Result<Fitted, LearnError> {
        let weights = dataset.weights().map(|all| all.iter().copied().map(f64::from).collect());
        let (binned, target) = (dataset.records.clone(), dataset.targets.clone());
        ForestJob::new(binned, target, weights, self.forest().clone(), self.seed())?.fit()
    }
}
