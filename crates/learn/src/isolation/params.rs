//! The parameters of an isolation forest.

use crate::declare::parameters;

parameters! {
    /// Isolation forest (Liu, Ting & Zhou 2008): finds the rows unlike all others, those that few
    /// random questions tell apart. It needs no target; one with two classes is only used to measure
    /// it, the rarer class being the anomaly.
    ///
    /// Scores are between 0 and 1, larger for anomalies. Missing values and categories are taken as
    /// they are. Names and defaults are scikit-learn's.
    pub struct IsolationForest = "isolation-forest", "Isolation forest" {
        /// Number of trees, 1 to 10,000. Default 100. More are steadier and take longer.
        n_estimators: u32 = 100, whole(1, 10_000).label("Trees").basic();
        /// Rows that each tree sees, drawn anew, 2 to 1,000,000; all rows where there are fewer.
        /// Default 256. More is not better: among few rows anomalies stand out.
        max_samples: u32 = 256, whole(2, 1_000_000).label("Rows a tree sees").basic();
        /// Share of the features that each tree sees, above 0 and at most 1, rounded down to at least
        /// one. Default 1.
        max_features: f64 = 1.0, number(0.0, 1.0).above().label("Share of features a tree sees");
        /// Share of the rows learned from that are to be called anomalies, above 0 and at most 0.5;
        /// `null` for those with a score above 0.5. Default `null`.
        contamination: Option<f64> as "number | null" = None,
            number(0.0, 0.5).above().label("Share of anomalies").basic()
                .optional("a score above one half");
    }
}
