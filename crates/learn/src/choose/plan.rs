//! Everything there may be to do, known from table and options alone.

use hedgerow_data::{Fold, Table};
use hedgerow_model::Task;
use serde::{Deserialize, Serialize};

use super::folding::{deal, part};
use super::metric::Metrics;
use super::options::{StudyKind, StudyOptions, TuneOptions, TuneStrategy};
use super::space::{Space, declaration, with};
use crate::forest::Target;
use crate::learner::snake_case;
use crate::target::{ReadTarget, check_task, read_target};
use crate::{LearnError, Learner, TaskChoice, TrainOptions};

/// Rows that the first round of halving trains on at least, and for each class.
const MIN_ROWS: usize = 50;
const MIN_ROWS_OF_CLASS: usize = 10;

/// One training of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct FoldTask {
    /// Which learner, or trial.
    pub candidate: usize,
    /// Which size of a learning curve, or round of a halving.
    pub level: usize,
    pub fold: usize,
}

/// A size of a learning curve, or a round of a halving.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// Share of the training rows, or of the parameter that halving gives less of.
    pub share: f64,
    /// Candidates that are tried at most.
    pub candidates: usize,
}

/// Candidates × levels × folds.
#[derive(Debug)]
pub struct Plan {
    pub(super) options: StudyOptions,
    pub(super) target: ReadTarget,
    pub(super) metrics: Metrics,
    pub(super) candidates: Vec<Learner>,
    pub(super) levels: Vec<Level>,
    pub(super) folds: Vec<Fold>,
    pub(super) space: Option<Space>,
}

impl Plan {
    /// Reads the target, deals the rows and draws the candidates. Trains nothing.
    ///
    /// # Errors
    /// [`LearnError`] for a target, folds, metric, space or parameter that cannot be used;
    /// [`LearnError::WrongTask`] for a learner that does not learn from the target.
    pub fn new(table: &Table, mut options: StudyOptions) -> Result<Self, LearnError> {
        options.check()?;
        options.train.check()?;
        options.train.learner.check()?;
        let TrainOptions { learner, target, task, .. } = &options.train;
        let Some(target) = target.as_deref() else {
            return Err(LearnError::NoTarget { user: "cross-validation".to_owned() });
        };
        let target = read_target(table.column(target)?, *task)?;
        if learner.finds_anomalies() && !matches!(options.study, StudyKind::Comparison(_)) {
            check_task(learner, &target)?;
        }
        // A fold may hold fewer distinct numbers than the table and look like another task.
        options.train.task = match target.task {
            Task::Classification { .. } => TaskChoice::Classification,
            Task::Regression => TaskChoice::Regression,
        };
        if let StudyKind::Adjustment(adjust) = &options.study {
            adjust.check_target(&target)?;
        }
        let metrics = Metrics::new(&target.target, options.metric.as_deref())?;
        let folds = deal(table, &target, &options.folds, options.train.seed)?;
        let mut plan = Self {
            target,
            metrics,
            candidates: Vec::new(),
            levels: Vec::new(),
            folds,
            space: None,
            options,
        };
        plan.fill()?;
        Ok(plan)
    }

    fn fill(&mut self) -> Result<(), LearnError> {
        let learner = self.options.train.learner.clone();
        let whole = |candidates| vec![Level { share: 1.0, candidates }];
        (self.candidates, self.levels) = match &self.options.study {
            StudyKind::CrossValidation | StudyKind::Adjustment(_) => (vec![learner], whole(1)),
            StudyKind::LearningCurve(curve) => {
                let level = |&share: &f64| Level { share, candidates: 1 };
                (vec![learner], curve.sizes.iter().map(level).collect())
            }
            StudyKind::Comparison(learners) => (learners.clone(), whole(learners.len())),
            StudyKind::Tuning(tune) => {
                let space = Space::new(&learner, tune.space.as_ref(), &tune.resource)?;
                let trials = space.trials(tune.trials, self.options.train.seed)?;
                let levels = match tune.strategy {
                    TuneStrategy::Random => whole(trials.len()),
                    TuneStrategy::Halving => {
                        rounds(trials.len(), tune.factor, self.smallest(tune)?)
                    }
                };
                self.space = Some(space);
                (trials, levels)
            }
        };
        Ok(())
    }

    /// The smallest share that the first round of a halving may have.
    fn smallest(&self, tune: &TuneOptions) -> Result<f64, LearnError> {
        if tune.resource == TuneOptions::ROWS {
            let rows = self.folds.iter().map(|fold| fold.train.len()).min().unwrap_or(0);
            let classes = self.target.task.classes().len();
            return Ok(MIN_ROWS.max(MIN_ROWS_OF_CLASS * classes) as f64 / rows.max(1) as f64);
        }
        let (_, most) = resource(&self.options.train.learner, &tune.resource)?;
        Ok(1.0 / most)
    }

    /// Trainings to do at most.
    pub fn total(&self) -> usize {
        self.levels.iter().map(|level| level.candidates).sum::<usize>() * self.folds.len()
    }

    /// The learners, or the sets of parameters.
    pub fn candidates(&self) -> &[Learner] {
        &self.candidates
    }

    /// Whether some fit is one step, of seconds.
    pub fn fits_in_one_step(&self) -> bool {
        self.candidates.iter().any(|learner| Learner::fits_in_one_step(learner.kind()))
    }

    /// Sizes or rounds.
    pub fn levels(&self) -> &[Level] {
        &self.levels
    }

    /// The rows of each fold.
    pub fn folds(&self) -> &[Fold] {
        &self.folds
    }

    /// Whether what is predicted for the test rows is kept.
    pub(super) fn keeps_predictions(&self) -> bool {
        matches!(self.options.study, StudyKind::Adjustment(_))
    }

    /// Whether training rows are scored, too.
    pub(super) fn scores_training(&self) -> bool {
        matches!(self.options.study, StudyKind::LearningCurve(_))
    }

    /// What is trained for a task, and on which rows.
    ///
    /// # Errors
    /// [`LearnError::BadJob`] for a task of another plan; [`LearnError`] for a parameter that gets
    /// too small.
    pub(super) fn training(&self, task: FoldTask) -> Result<(TrainOptions, Vec<u32>), LearnError> {
        let FoldTask { candidate, level, fold } = task;
        let parts = (self.candidates.get(candidate), self.levels.get(level), self.folds.get(fold));
        let (Some(learner), Some(Level { share, .. }), Some(rows)) = parts else {
            return Err(LearnError::BadJob { reason: format!("{task:?} is not of this plan") });
        };
        let mut options = TrainOptions { learner: learner.clone(), ..self.options.train.clone() };
        let parameter = match &self.options.study {
            StudyKind::Tuning(tune) => {
                Some(&tune.resource).filter(|name| *name != TuneOptions::ROWS)
            }
            _ => None,
        };
        let Some(name) = parameter else {
            let seed = self.options.train.seed;
            return Ok((options, part(&rows.train, &self.target.target, *share, seed, fold)));
        };
        let (name, most) = resource(learner, name)?;
        let less = libm::ceil(share * most) as u64;
        options.learner = with(learner, [(name.as_str(), less.into())])?;
        Ok((options, rows.train.clone()))
    }

    /// Whether the target is a class.
    pub(super) fn is_classification(&self) -> bool {
        matches!(self.target.target, Target::Classes { .. })
    }
}

/// The parameter that halving gives less of, and its value.
fn resource(learner: &Learner, name: &str) -> Result<(String, f64), LearnError> {
    let field = snake_case(name);
    let declared = declaration(learner)?;
    let whole = declared.parameters.iter().any(|p| p.field == field && p.kind == "whole");
    let value = learner.record().params.get(&field).and_then(serde_json::Value::as_f64);
    match value {
        Some(value) if whole && value >= 1.0 => Ok((field, value)),
        _ => Err(LearnError::BadParameter {
            name: "resource",
            value: name.to_owned(),
            expected: "rows, or the name of a parameter that is a whole number".into(),
        }),
    }
}

/// The rounds of a successive halving that starts with `n` candidates and ends with everything: from
/// one to the next, one candidate in `factor` stays and has `factor` times as much. As many as the
/// candidates last and the share stays at `smallest` or above.
fn rounds(n: usize, factor: usize, smallest: f64) -> Vec<Level> {
    let mut levels = vec![Level { share: 1.0, candidates: 1 }];
    let (mut share, mut divisor) = (1.0, 1);
    while n / (divisor * factor) >= 1 && share / factor as f64 >= smallest {
        share /= factor as f64;
        divisor *= factor;
        levels.push(Level { share, candidates: 1 });
    }
    levels.reverse();
    let mut left = n;
    for level in &mut levels {
        level.candidates = left.max(1);
        left /= factor;
    }
    levels
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rounds_end_with_everything() {
        let shares = |n, factor, smallest| -> Vec<(usize, f64)> {
            rounds(n, factor, smallest).iter().map(|l| (l.candidates, l.share)).collect()
        };
        assert_eq!(shares(8, 2, 0.0), [(8, 0.125), (4, 0.25), (2, 0.5), (1, 1.0)]);
        assert_eq!(shares(9, 3, 0.2), [(9, 1.0 / 3.0), (3, 1.0)]);
        assert_eq!(shares(9, 3, 0.9), [(9, 1.0)]);
        assert_eq!(shares(1, 3, 0.0), [(1, 1.0)]);
    }

    proptest! {
        #[test]
        fn halving_never_costs_more_than_its_trials(
            n in 1usize..500, factor in 2usize..=10, smallest in 0.0..1.0f64
        ) {
            let rounds = rounds(n, factor, smallest);
            let cost: f64 = rounds.iter().map(|l| l.candidates as f64 * l.share).sum();
            prop_assert!(cost <= n as f64 + 1e-9, "{rounds:?}");
            prop_assert_eq!(rounds[rounds.len() - 1].share, 1.0);
            prop_assert!(rounds.iter().all(|l| l.share >= smallest || rounds.len() == 1));
            prop_assert!(rounds.windows(2).all(|w| w[1].candidates * factor <= w[0].candidates));
        }
    }
}
