//! The parameters of nearest neighbours.

use hedgerow_model::{Metric, Votes};

use crate::declare::parameters;

parameters! {
    /// Nearest neighbours: the rows most alike vote on the class, or their mean is the number.
    ///
    /// Exact; rows equally far are taken in their order. The model holds all rows learned from, 4
    /// bytes a feature. Names and defaults are scikit-learn's.
    pub struct KNearestNeighbors = "k-nearest-neighbors", "Nearest neighbours" {
        /// Rows that vote, 1 to 1,000. Default 5. More are smoother.
        n_neighbors: u32 = 5, whole(1, 1_000).label("Neighbours").basic().tune_log(1.0, 100.0);
        /// How much a neighbour counts: `uniform`, or `distance` for the inverse of its distance.
        /// Default `uniform`.
        weights: Votes = Votes::Uniform,
            choice(&[("uniform", "all the same"), ("distance", "nearer ones count more")])
                .label("Votes").basic().tune_each(&["\"uniform\"", "\"distance\""]);
        /// How far two rows are from each other: `euclidean`, or `manhattan` for the sum of the
        /// differences. Default `euclidean`.
        metric: Metric = Metric::Euclidean,
            choice(&[("euclidean", "straight line"), ("manhattan", "sum of differences")])
                .label("Distance").tune_each(&["\"euclidean\"", "\"manhattan\""]);
    }
}
