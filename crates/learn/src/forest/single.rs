//! A decision tree: one tree, kept whole enough to be pruned and read.

use hedgerow_model::{Combine, Estimator, TreeEnsemble};

use super::grow::{A_ROW, Growing};
use super::grown::Grown;
use super::growth::Growth;
use super::params::{CLASS_WEIGHTS, MAX_FEATURES, MAX_FEATURES_OR};
use super::prune::{Pruning, PruningPath};
use super::{ClassWeight, ForestJob, MaxFeatures};
use crate::LearnError;
use crate::binning::MAX_BINS;
use crate::declare::parameters;
use crate::fitting::{Fitted, Fitting, Needs, Score, Work};
use crate::learner::Recipe;

/// Codes read in a step, or as much other work: some milliseconds.
pub(super) const STEP: usize = 4_000_000;

/// Levels at which a tree may be expected to look at all rows, at most.
const LEVELS: u64 = 256;

/// Steps at most.
const MAX_STEPS: u64 = 100_000;

/// Looking at a node in pruning, as reads of codes.
const A_LINK: usize = 400;

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
            out_of_bag: false,
            random_cuts: false,
        }
    }

    fn fitting(&self, job: ForestJob) -> TreeFitting {
        let steps = job.tree_cost().div_ceil(STEP as u64).clamp(1, MAX_STEPS) as usize;
        let state = State::Growing(job.begin_tree(0, true));
        TreeFitting { job, ccp_alpha: self.ccp_alpha, state: Some(state), steps, taken: 0 }
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

    fn begin(&self, mut work: Work) -> Result<Box<dyn Fitting>, LearnError> {
        let binned = work.binned()?;
        let job = ForestJob::grown(binned, work.target, work.weights, self.growth(), work.seed)?;
        Ok(Box::new(self.fitting(job)))
    }
}

struct TreeFitting {
    job: ForestJob,
    ccp_alpha: f64,
    /// Always there between steps.
    state: Option<State>,
    /// Steps it may take.
    steps: usize,
    taken: usize,
}

enum State {
    Growing(Box<dyn Growing>),
    Grown(Grown),
    /// With no links to cut where none is to be.
    Pruning(Grown, Pruning),
    /// The tree, and the importance of each feature.
    Ended(TreeEnsemble, Vec<f64>),
}

impl ForestJob {
    fn weight_of_all(&self) -> f64 {
        match self.weights() {
            Some(weights) => weights.iter().sum(),
            None => self.binned().rows() as f64,
        }
    }

    /// What [`Growing::advance`] takes for a tree, at most but for the oddest.
    fn tree_cost(&self) -> u64 {
        LEVELS * self.binned().rows() as u64 * (self.max_features() + A_ROW) as u64
    }

    fn pruning(&self, grown: &Grown) -> Pruning {
        Pruning::new(&grown.tree, grown.kept(), self.weight_of_all())
    }

    /// What pruning left; and the importance of each feature.
    fn pruned(&self, grown: &Grown, pruning: Pruning) -> (TreeEnsemble, Vec<f64>) {
        let (bins, n_outputs) = (self.binned().bins(), self.n_outputs());
        let (tree, rows) = pruning.finish(&grown.tree, grown.kept(), bins, n_outputs);
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
        self.pruning(&self.grow_tree(0, true)).path()
    }
}

impl TreeFitting {
    fn go_on(&self, state: State, budget: usize) -> State {
        match state {
            State::Growing(mut growing) => {
                if growing.advance(&self.job, budget) {
                    State::Grown(growing.finish())
                } else {
                    State::Growing(growing)
                }
            }
            State::Grown(grown) => {
                let mut pruning = self.job.pruning(&grown);
                if self.ccp_alpha > 0.0 {
                    pruning.begin();
                }
                State::Pruning(grown, pruning)
            }
            State::Pruning(grown, mut pruning) => {
                if pruning.prune(self.ccp_alpha, budget / A_LINK + 1) {
                    let (tree, importances) = self.job.pruned(&grown, pruning);
                    State::Ended(tree, importances)
                } else {
                    State::Pruning(grown, pruning)
                }
            }
            ended @ State::Ended(..) => ended,
        }
    }
}

impl Fitting for TreeFitting {
    fn total(&self) -> usize {
        self.steps
    }

    fn step(&mut self, _: usize) -> Result<(), LearnError> {
        self.taken += 1;
        // The last step does all that is left, so that there are never more.
        let last = self.taken >= self.steps;
        let budget = if last { usize::MAX } else { STEP };
        while let Some(state) = self.state.take() {
            self.state = Some(self.go_on(state, budget));
            if !last || self.ended() {
                break;
            }
        }
        Ok(())
    }

    /// As a step, but never all that is left.
    fn advance(&mut self) -> Result<(), LearnError> {
        if let Some(state) = self.state.take() {
            self.state = Some(self.go_on(state, STEP));
        }
        Ok(())
    }

    /// By the rows that are in leaves: nobody knows how many steps a tree will have taken.
    fn done(&self) -> usize {
        match &self.state {
            Some(State::Growing(growing)) => {
                let (settled, rows) = growing.settled();
                ((self.steps - 1) as u64 * settled as u64 / rows.max(1) as u64) as usize
            }
            Some(State::Grown(_) | State::Pruning(..)) => self.steps - 1,
            Some(State::Ended(..)) => self.steps,
            None => 0,
        }
    }

    fn score(&self) -> Option<Score> {
        None
    }

    fn finish(self: Box<Self>) -> Result<Fitted, LearnError> {
        let Some(State::Ended(trees, importances)) = self.state else {
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

    fn fit(job: &ForestJob, ccp_alpha: f64) -> (TreeEnsemble, Vec<f64>) {
        let tree = DecisionTree { ccp_alpha, ..DecisionTree::default() };
        let mut fitting = Box::new(tree.fitting(job.clone()));
        while !fitting.ended() {
            fitting.step(0).unwrap();
        }
        let fitted = fitting.finish().unwrap();
        let Estimator::Trees(trees) = fitted.estimator else { panic!("trees") };
        (trees, fitted.importances)
    }

    #[test]
    fn trees_grown_and_pruned_in_pieces_are_those_grown_at_once() {
        for (max_features, n_classes) in [(2, 0), (1, 2), (2, 3)] {
            let mut job = job();
            let tree = DecisionTree {
                max_features: MaxFeatures::Count(max_features),
                ccp_alpha: 0.001,
                ..Default::default()
            };
            let target = match (job.target(), n_classes) {
                (Target::Values(values), 2..) => Target::Classes {
                    codes: values.iter().map(|&value| value as u32 % n_classes).collect(),
                    n: n_classes as usize,
                },
                (target, _) => target.clone(),
            };
            job = ForestJob::grown(job.binned().clone(), target, None, tree.growth(), 5).unwrap();
            let fitting = tree.fitting(job.clone());
            let (mut whole, mut pieces) = (fitting.state.unwrap(), 0);
            let mut state = State::Growing(job.begin_tree(0, true));
            let fitting = tree.fitting(job);
            while !matches!(state, State::Ended(..)) {
                state = fitting.go_on(state, 1);
                pieces += 1;
            }
            while !matches!(whole, State::Ended(..)) {
                whole = fitting.go_on(whole, usize::MAX);
            }
            let (State::Ended(a, b), State::Ended(c, d)) = (state, whole) else { panic!("ended") };
            assert_eq!((&a, b), (&c, d));
            assert!(pieces > leaves(&a), "{pieces} pieces");
        }
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
            let (tree, importances) = fit(&job(), ccp_alpha);
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
            path.alphas.iter().map(|&alpha| leaves(&fit(&job, alpha + 1e-9).0)).collect();
        assert!(counts.windows(2).all(|pair| pair[0] > pair[1]), "{counts:?}");
        assert_eq!(counts.last(), Some(&1));
    }
}
