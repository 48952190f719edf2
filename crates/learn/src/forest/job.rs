//! The work of fitting a forest, cut into trees.

use hedgerow_model::Bins;
use linfa::dataset::Records;

use super::RandomForest;
use super::cells::{ClassRow, WholeRow};
use super::classes::Classes;
use super::grow::{Grower, Growing};
use super::grown::{Grown, Sample};
use super::growth::Growth;
use super::ids::Along;
use super::kernel::Kernel;
use super::layout::{ByRow, Codes};
use super::moments::Moments;
use super::part::{OutOfBag, TreePart};
use super::random::Random;
use super::split::CODES;
use super::sums::{Counted, Packed, Weighted};
use crate::LearnError;

/// Features as codes of one byte, column by column.
#[derive(Debug, Clone, PartialEq)]
pub struct Binned {
    codes: Vec<Vec<u8>>,
    bins: Vec<Bins>,
    rows: usize,
}

/// What is to be predicted, row by row.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// Class indices below `n`.
    Classes { codes: Vec<u32>, n: usize },
    /// Finite numbers.
    Values(Vec<f64>),
}

/// Everything that is needed to fit any of the trees.
#[derive(Debug, Clone, PartialEq)]
pub struct ForestJob {
    binned: Binned,
    target: Target,
    weights: Option<Vec<f64>>,
    growth: Growth,
    seed: u64,
    by_row: ByRow,
}

fn bad(reason: impl Into<String>) -> LearnError {
    LearnError::BadJob { reason: reason.into() }
}

impl Binned {
    /// Features from their codes, one vector a feature, and what the codes mean.
    ///
    /// # Errors
    /// [`LearnError::BadJob`] when lengths differ, or a code is outside its bins or one byte.
    pub fn new(codes: Vec<Vec<u8>>, bins: Vec<Bins>, rows: usize) -> Result<Self, LearnError> {
        if codes.len() != bins.len() || codes.iter().any(|column| column.len() != rows) {
            return Err(bad("the columns of codes differ in length"));
        }
        if bins.len() >= usize::from(hedgerow_model::LEAF) || rows >= u32::MAX as usize {
            return Err(bad("there are too many rows or columns"));
        }
        let fits = |(column, bins): (&Vec<u8>, &Bins)| {
            bins.n_codes() <= CODES && usize::from(largest(column)) < bins.n_codes()
        };
        if !codes.iter().zip(&bins).all(fits) {
            return Err(bad("a code is outside of its bins"));
        }
        Ok(Self { codes, bins, rows })
    }

    /// What the codes mean, one a feature.
    pub fn bins(&self) -> &[Bins] {
        &self.bins
    }

    /// The codes of a feature, one a row.
    pub fn codes(&self, feature: usize) -> &[u8] {
        &self.codes[feature]
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }
}

#[inline(never)]
fn largest(codes: &[u8]) -> u8 {
    codes.iter().copied().fold(0, u8::max)
}

/// Whether classes and times drawn fit into whole rows.
fn fits(n_classes: usize, drawn: &[u32]) -> bool {
    let limit = WholeRow::LIMIT;
    n_classes <= limit && drawn.iter().all(|&times| (times as usize) < limit)
}

impl Records for Binned {
    type Elem = u8;

    fn nsamples(&self) -> usize {
        self.rows
    }

    fn nfeatures(&self) -> usize {
        self.bins.len()
    }
}

impl Target {
    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Classes { codes, .. } => codes.len(),
            Self::Values(values) => values.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn check(&self) -> Result<(), LearnError> {
        let sound = match self {
            Self::Classes { codes, n } => {
                *n > 0 && *n <= u32::MAX as usize && codes.iter().all(|&code| (code as usize) < *n)
            }
            Self::Values(values) => values.iter().all(|value| value.is_finite()),
        };
        if sound { Ok(()) } else { Err(bad("the target has a class or number that it must not")) }
    }
}

impl ForestJob {
    /// Puts the work together. `weights`, if any, are one a row, finite and at least 0, with class
    /// weights multiplied in: see [`super::row_weights`].
    ///
    /// # Errors
    /// [`LearnError::BadParameter`] for parameters out of range, [`LearnError::BadJob`] when
    /// lengths differ, or targets or weights are not as described.
    pub fn new(
        binned: Binned,
        target: Target,
        weights: Option<Vec<f64>>,
        forest: RandomForest,
        seed: u64,
    ) -> Result<Self, LearnError> {
        forest.check()?;
        Self::grown(binned, target, weights, Growth::from(&forest), seed)
    }

    /// The same for trees of any learner, whose parameters were checked.
    pub(crate) fn grown(
        binned: Binned,
        target: Target,
        weights: Option<Vec<f64>>,
        growth: Growth,
        seed: u64,
    ) -> Result<Self, LearnError> {
        target.check()?;
        if binned.rows == 0 || target.len() != binned.rows {
            return Err(bad("there are no rows, or not as many targets as rows"));
        }
        if let Some(weights) = &weights {
            let sound = |weight: &f64| weight.is_finite() && *weight >= 0.0;
            let total: f64 = weights.iter().sum();
            if weights.len() != binned.rows || !weights.iter().all(sound) {
                return Err(bad("the weights are not one a row, finite and at least 0"));
            }
            if !(total > 0.0 && total.is_finite()) {
                return Err(bad("the weights do not add up to a positive number"));
            }
        }
        let by_row = ByRow::new(&binned);
        Ok(Self { binned, target, weights, growth, seed, by_row })
    }

    /// Number of trees.
    pub fn n_tasks(&self) -> usize {
        self.growth.n_trees as usize
    }

    /// The features.
    pub fn binned(&self) -> &Binned {
        &self.binned
    }

    /// The features, as they are read best.
    pub(super) fn codes(&self) -> Codes<'_> {
        Codes::new(&self.binned, &self.by_row)
    }

    /// The target.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The weights, if rows do not all count the same.
    pub fn weights(&self) -> Option<&[f64]> {
        self.weights.as_deref()
    }

    /// How the trees grow.
    pub(crate) fn growth(&self) -> &Growth {
        &self.growth
    }

    /// The seed.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Numbers a leaf holds.
    pub fn n_outputs(&self) -> usize {
        match self.target {
            Target::Classes { n, .. } => n,
            Target::Values(_) => 1,
        }
    }

    /// Features drawn at a node.
    pub(super) fn max_features(&self) -> usize {
        let classification = matches!(self.target, Target::Classes { .. });
        self.growth.max_features.count(self.binned.bins.len(), classification)
    }

    /// Fits tree `index`; the same for the same job and index, wherever and whenever.
    pub fn fit_tree(&self, index: usize) -> TreePart {
        self.part(self.grow_tree(index, false))
    }

    /// A grown tree on its way to the forest.
    pub(super) fn part(&self, grown: Grown) -> TreePart {
        let rows = self.binned.rows;
        let oob = self.growth.out_of_bag.then(|| OutOfBag::new(rows, &grown.reached));
        TreePart::new(grown.tree, oob)
    }

    /// Grows tree `index` to its end; if `keep`, with what is known of its inner nodes.
    pub(super) fn grow_tree(&self, index: usize, keep: bool) -> Grown {
        let mut growing = self.begin_tree(index, keep);
        while !growing.advance(self, usize::MAX) {}
        growing.finish()
    }

    /// Begins tree `index`; if `keep`, with what is known of its inner nodes.
    pub(super) fn begin_tree(&self, index: usize, keep: bool) -> Box<dyn Growing> {
        let mut random = Random::for_tree(self.seed, index);
        let rows = self.binned.rows;
        let drawn = if self.growth.bootstrap { random.bootstrap(rows) } else { vec![1; rows] };
        let min_rows = self.growth.min_samples_leaf;
        match &self.target {
            Target::Classes { codes, n: 2 }
                if self.weights.is_none() && drawn.iter().all(|&n| Packed::fits(n, rows)) =>
            {
                let sample = self.sample(&drawn, |row, times| Packed::row(codes[row], times));
                self.begin(Moments::<Packed>::new(min_rows, 0.0, true), sample, random, keep)
            }
            Target::Classes { codes, n: 2 } => {
                let sample = self.sample(&drawn, |row, times| Weighted {
                    weight: self.weight(row, times),
                    target: f64::from(codes[row]),
                });
                self.begin_weighted(0.0, sample, random, keep)
            }
            Target::Classes { codes, n } if self.weights.is_none() && fits(*n, &drawn) => {
                let sample = self.sample(&drawn, |row, times| WholeRow::new(codes[row], times));
                self.begin(Classes::<u32>::new(*n, min_rows), sample, random, keep)
            }
            Target::Classes { codes, n } => {
                let sample = self.sample(&drawn, |row, times| ClassRow {
                    class: codes[row],
                    weight: self.weight(row, times),
                });
                self.begin(Classes::<f64>::new(*n, min_rows), sample, random, keep)
            }
            Target::Values(values) => {
                let sample = self.sample(&drawn, |row, times| Weighted {
                    weight: self.weight(row, times),
                    target: values[row],
                });
                let shift = values.iter().map(|value| value / rows as f64).sum();
                self.begin_weighted(shift, sample, random, keep)
            }
        }
    }

    fn weight(&self, row: usize, times: u32) -> f64 {
        self.weights.as_ref().map_or(1.0, |weights| weights[row]) * f64::from(times)
    }

    /// Rows drawn and not drawn. Rows without weight are neither; where nothing drawn has weight,
    /// all rows are drawn.
    #[inline(never)]
    fn sample<R: Along>(&self, drawn: &[u32], row: impl Fn(usize, u32) -> R) -> Sample<R> {
        let weights = self.weights.as_deref();
        let has_weight = |index: usize| weights.is_none_or(|all| all[index] > 0.0);
        let any =
            weights.is_none() || (0..drawn.len()).any(|row| drawn[row] > 0 && has_weight(row));
        // Written whether wanted or not, so that no branch on what was drawn has to be guessed.
        let (mut words, mut beside) =
            (vec![0; drawn.len()], vec![R::Beside::default(); drawn.len()]);
        // Of the others each is written over the one before, where they are not wanted.
        let mut others = vec![0; if self.growth.out_of_bag { drawn.len() } else { 1 }];
        let (mut n_ids, mut n_others) = (0, 0);
        for (index, &times) in drawn.iter().enumerate() {
            let times = if any { times } else { 1 };
            let id = index as u32;
            let (with, own) = row(index, times).keep();
            (words[n_ids], beside[n_ids], others[n_others]) = (id | with, own, id);
            n_ids += usize::from(times > 0 && has_weight(index));
            n_others += usize::from(times == 0 && self.growth.out_of_bag);
        }
        words.truncate(n_ids);
        beside.truncate(n_ids);
        others.truncate(n_others);
        Sample { words, beside, others }
    }

    fn begin_weighted(
        &self,
        shift: f64,
        sample: Sample<Weighted>,
        random: Random,
        keep: bool,
    ) -> Box<dyn Growing> {
        let min_rows = self.growth.min_samples_leaf;
        let classes = self.n_outputs() == 2;
        self.begin(Moments::<Counted>::new(min_rows, shift, classes), sample, random, keep)
    }

    #[inline(never)]
    fn begin<K: Kernel>(
        &self,
        kernel: K,
        sample: Sample<K::Row>,
        random: Random,
        keep: bool,
    ) -> Box<dyn Growing> {
        Box::new(Grower::new(self, kernel, sample, random, keep))
    }
}
