//! A decision tree: one tree, kept whole enough to be pruned and read.

use hedgerow_model::{Combine, Estimator, TreeEnsemble};

use super::growth::Growth;
use super::params::{CLASS_WEIGHTS, MAX_FEATURES, MAX_FEATURES_OR};
use super::prune::{Pruning, PruningPath};
use super::{ClassWeight, ForestJob, MaxFeatures};
use crate::LearnError;
use crate::binning::MAX_BINS;
use crate::declare::parameters;
use crate::fitting::{Fitted, Fitting, Needs, Score, Work};
use crate::learner::Recipe;

parameters! {
    /// Decision tree (CART, Breiman et al. 1984): questions with two answers each, which end at a
    /// class or a number.
    ///
    /// Splits minimise the Gini impurity in classification and the squared error in regression.
    /// Missing values and categories are taken as they are. The defaults are scikit-learn's.
    pub struct DecisionTree = "decision-tree", "Decision tree" {
        /// Splits between the root and a leaf at most, from 1; `null` for no limit. Default `null`.
        max_depth: Option<u32> as "number | null" = None,
            whole(1, u32::MAX).label("Greatest depth").basic().optional("no limit")
                .tune_each(&["null", "3", "5", "8", "12", "16"]);
        /// Rows that a leaf must hold, from 1. Default 1. More is smoother.
        min_samples_leaf: u32 = 1,
            whole(1, u32::MAX).label("Smallest leaf").basic().tune_log(1.0, 100.0);
        /// Rows that a node must hold to be split, from 2. Default 2.
        min_samples_split: u32 = 2, whole(2, u32::MAX).label("Smallest node that is split");
        /// Cost-complexity pruning, from 0: subtrees that lower the impurity by at most so much a
        /// leaf are cut. Default 0, which cuts nothing.
        ccp_alpha: f64 = 0.0, number(0.0, f64::MAX).label("Pruning").basic().tune_log(1e-6, 1e-2);
        /// Features a split chooses from: `auto` and `all` are all; `sqrt`, `log2`, a number from
        /// 1, or a fraction between 0 and 1. Default `all`.
        max_features: MaxFeatures as "'auto' | 'sqrt' | 'log2' | 'all' | number" = MaxFeatures::All,
            choice(MAX_FEATURES).or(MAX_FEATURES_OR).label("Features a split looks at");
        /// Bins of a numeric feature at most, 2 to 255. Default 255. Fewer are faster and coarser.
        max_bins: u32 = MAX_BINS as u32,
            whole(2, MAX_BINS as u32).label("Bins a number is cut into");
        /// How much the rows of each class count: `none`, `balanced`, or weights by label. Default
        /// `none`.
        class_weight: ClassWeight as "'none' | 'balanced' | Record<string, number>" = ClassWeight::None,
            choice(CLASS_WEIGHTS).or("weights by label").label("Class weights");
    }
}

impl DecisionTree {
    fn growth(&self) -> Growth {
        Growth {
            n_trees: 1,
            max_depth: self.max_depth,
            min_samples_leaf: self.min_samples_leaf,
            min_samples_split: self.min_samples_split,
            max_features: match self.max_features {
                MaxFeatures::Auto => MaxFeatures::All,
                other => other,
            },
            bootstrap: false,
            random_cuts: false,
        }
    }

    fn job(&self, mut work: Work) -> Result<ForestJob, LearnError> {
        let binned = work.binned()?;
        ForestJob::grown(binned, work.target, work.weights, self.growth(), work.seed)
    }
}

impl Recipe for DecisionTree {
    fn check_rest(&self) -> Result<(), LearnError> {
        self.max_features.check()?;
        self.class_weight.check()
    }

    fn class_weight(&self) -> &ClassWeight {
        &self.class_weight
    }

    fn needs(&self) -> Needs {
        Needs::Binned { max_bins: self.max_bins as usize }
    }

    fn begin(&self, work: Work) -> Result<Box<dyn Fitting>, LearnError> {
        Ok(Box::new(TreeFitting { job: self.job(work)?, ccp_alpha: self.ccp_alpha, tree: None }))
    }
}

struct TreeFitting {
    job: ForestJob,
    ccp_alpha: f64,
    /// Once fitted, with the importance of each feature.
    tree: Option<(TreeEnsemble, Vec<f64>)>,
}

impl ForestJob {
    fn weight_of_all(&self) -> f64 {
        match self.weights() {
            Some(weights) => weights.iter().sum(),
            None => self.binned().rows() as f64,
        }
    }

    /// One tree on all rows, pruned; and the importance of each feature.
    fn fit_single(&self, ccp_alpha: f64) -> (TreeEnsemble, Vec<f64>) {
        let grown = self.grow_tree(0, true);
        let kept = grown.kept.unwrap_or_default();
        let mut pruning = Pruning::new(&grown.tree, &kept, self.weight_of_all());
        if ccp_alpha > 0.0 {
            pruning.prune(ccp_alpha);
        }
        let (bins, n_outputs) = (self.binned().bins(), self.n_outputs());
        let (tree, rows) = pruning.finish(&grown.tree, &kept, bins, n_outputs);
        let total: f64 = tree.importances.iter().sum();
        let share = |importance: f64| if total > 0.0 { importance / total } else { 0.0 };
        let ensemble = TreeEnsemble {
            bins: bins.to_vec(),
            roots: vec![0],
            feature: tree.feature,
            split: tree.split,
            child: tree.child,
            category_sets: tree.category_sets,
            n_outputs,
            values: tree.values,
            rows,
            combine: Combine::Mean,
        };
        (ensemble, tree.importances.into_iter().map(share).collect())
    }

    /// The subtrees that cost-complexity pruning goes through, of a tree grown on all rows as this
    /// job says: what to choose a `ccp_alpha` from.
    pub fn pruning_path(&self) -> PruningPath {
        let grown = self.grow_tree(0, true);
        let kept = grown.kept.unwrap_or_default();
        Pruning::new(&grown.tree, &kept, self.weight_of_all()).path()
    }
}

impl Fitting for TreeFitting {
    fn total(&self) -> usize {
        1
    }

    fn step(&mut self, _: usize) -> Result<(), LearnError> {
        self.tree = Some(self.job.fit_single(self.ccp_alpha));
        Ok(())
    }

    fn done(&self) -> usize {
        usize::from(self.tree.is_some())
    }

    fn score(&self) -> Option<Score> {
        None
    }

    fn finish(self: Box<Self>) -> Result<Fitted, LearnError> {
        let Some((trees, importances)) = self.tree else {
            return Err(LearnError::BadJob { reason: "the tree has not been grown".to_owned() });
        };
        Ok(Fitted {
            estimator: Estimator::Trees(trees),
            metrics: Default::default(),
            importances,
            history: Default::default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use hedgerow_data::sorted_numbers;

    use super::super::{Binned, Target};
    use super::*;
    use crate::binning::{encode, fit_bins};

    /// What `tests/golden/trees/pruning.py` prints.
    const ALPHAS: [f64; 15] = [
        0.0,
        0.0902499999999804,
        0.16426800000014996,
        0.19975111111102128,
        0.20833333333335613,
        0.22814999999992658,
        0.23780642857151824,
        0.3505827272727209,
        0.593185333333337,
        2.5754141319445747,
        5.358546022727131,
        5.555570624999881,
        5.895406076389094,
        11.909867682539808,
        93.03084756249984,
    ];
    const LAST_IMPURITIES: [f64; 3] = [44.594791727182816, 56.50465940972262, 149.53550697222246];
    /// `ccp_alpha`, leaves, and the prediction of (3, 4).
    const PRUNED: [(f64, usize, f64); 2] = [(0.5, 9, 14.14), (3.0, 6, 16.36333333333333)];

    fn job() -> ForestJob {
        let rows = 0..60u32;
        let a: Vec<f64> = rows.clone().map(|row| f64::from(row * 7 % 13)).collect();
        let b: Vec<f64> = rows.clone().map(|row| f64::from(row * 5 % 11)).collect();
        let target = rows.map(|row| {
            let (a, b) = (a[row as usize], b[row as usize]);
            1.7 * a + 0.31 * b * b + 0.9 * f64::from(row * row % 17)
        });
        let target = Target::Values(target.collect());
        let bins: Vec<_> = [&a, &b].map(|x| fit_bins(&sorted_numbers(x), 255)).into();
        let codes = vec![encode(&a, &bins[0]), encode(&b, &bins[1])];
        let growth = DecisionTree { min_samples_leaf: 3, ..DecisionTree::default() }.growth();
        ForestJob::grown(Binned::new(codes, bins, 60).unwrap(), target, None, growth, 1).unwrap()
    }

    fn leaves(tree: &TreeEnsemble) -> usize {
        tree.feature.iter().filter(|&&feature| feature == hedgerow_model::LEAF).count()
    }

    fn near(ours: f64, theirs: f64) -> bool {
        (ours - theirs).abs() < 1e-9 * theirs.abs().max(1.0)
    }

    #[test]
    fn pruning_goes_through_the_subtrees_that_scikit_learn_goes_through() {
        let path = job().pruning_path();
        assert_eq!(path.alphas.len(), ALPHAS.len());
        assert!(path.alphas.iter().zip(ALPHAS).all(|(&ours, theirs)| near(ours, theirs)));
        let last = &path.impurities[ALPHAS.len() - 3..];
        assert!(last.iter().zip(LAST_IMPURITIES).all(|(&ours, theirs)| near(ours, theirs)));
    }

    #[test]
    fn pruned_trees_are_those_of_scikit_learn_and_count_all_rows() {
        for (ccp_alpha, n_leaves, predicted) in PRUNED {
            let (tree, importances) = job().fit_single(ccp_alpha);
            assert_eq!(tree.check(), Ok(()));
            assert_eq!(leaves(&tree), n_leaves);
            assert_eq!(tree.rows[0], 60);
            assert!((importances.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            let x = [[3.0], [4.0]];
            let ours = tree.predict(&[x[0][..].into(), x[1][..].into()], 1)[0];
            assert!(near(ours, predicted), "{ours}");
        }
    }

    #[test]
    fn more_pruning_never_leaves_more_of_a_tree() {
        let job = job();
        let path = job.pruning_path();
        assert!(path.alphas.windows(2).all(|pair| pair[0] <= pair[1] + 1e-9));
        let counts: Vec<usize> =
            path.alphas.iter().map(|&alpha| leaves(&job.fit_single(alpha + 1e-9).0)).collect();
        assert!(counts.windows(2).all(|pair| pair[0] > pair[1]), "{counts:?}");
        assert_eq!(counts.last(), Some(&1));
    }
}
