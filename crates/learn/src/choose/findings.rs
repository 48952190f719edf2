//! From the outcomes of a study to its report.

use std::collections::BTreeMap;

use super::options::{StudyKind, StudyOptions};
use super::plan::FoldTask;
use super::report::{
    Comparison, Contender, CrossValidation, CurvePoint, Estimate, FoldResult, LearningCurve,
    StudyReport, Trial, Tuning,
};
use super::statistics::{corrected_t_test, mean, variance};
use super::study::{Entry, Study};
use crate::{LearnError, TaskChoice};

impl Study {
    /// What was found out.
    ///
    /// # Errors
    /// [`LearnError::NothingWorked`] when every candidate failed: there is neither a score nor a
    /// best.
    pub fn report(&self) -> Result<StudyReport, LearnError> {
        let StudyOptions { study, .. } = &self.plan.options;
        let metric = self.plan.metrics.info().name.to_owned();
        let higher_is_better = self.plan.metrics.info().higher_is_better;
        let task = match self.plan.is_classification() {
            true => TaskChoice::Classification,
            false => TaskChoice::Regression,
        };
        self.check_something_worked()?;
        Ok(match study {
            StudyKind::CrossValidation | StudyKind::Adjustment(_) => {
                StudyReport::CrossValidation(CrossValidation {
                    task,
                    metric,
                    higher_is_better,
                    score: self.estimate(0, 0),
                    metrics: self.estimates(0),
                    folds: (0..self.plan.folds.len()).map(|fold| self.fold_result(fold)).collect(),
                })
            }
            StudyKind::LearningCurve(_) => {
                let points = (0..self.plan.levels.len()).map(|level| self.point(level)).collect();
                StudyReport::LearningCurve(LearningCurve { task, metric, higher_is_better, points })
            }
            StudyKind::Comparison(_) => {
                let leaderboard = self.leaderboard();
                StudyReport::Comparison(Comparison { task, metric, higher_is_better, leaderboard })
            }
            StudyKind::Tuning(_) => {
                let (trials, best) = self.trials();
                let learner = trials[best].learner.clone();
                StudyReport::Tuning(Tuning {
                    task,
                    metric,
                    higher_is_better,
                    trials,
                    best,
                    learner,
                })
            }
        })
    }

    fn check_something_worked(&self) -> Result<(), LearnError> {
        let mut levels = 0..self.plan.levels.len();
        if levels.any(|level| !self.ranked(level).is_empty()) {
            return Ok(());
        }
        let failure = (0..self.plan.candidates.len()).find_map(|candidate| self.failure(candidate));
        let undefined = || format!("{} is undefined in every fold", self.plan.metrics.info().name);
        let reason = failure.map_or_else(undefined, |failure| failure.message);
        Err(LearnError::NothingWorked { reason })
    }

    /// The entries of a candidate, fold by fold.
    fn entries(&self, candidate: usize, level: usize) -> Vec<Option<&Entry>> {
        let task = |fold| FoldTask { candidate, level, fold };
        (0..self.plan.folds.len()).map(|fold| self.results.get(&task(fold))).collect()
    }

    /// A metric on the test rows, fold by fold.
    fn values(&self, candidate: usize, level: usize, metric: usize) -> Vec<Option<f64>> {
        let value = |entry: Option<&Entry>| entry?.result.as_ref().ok()?.test.get(metric).copied();
        let defined = |value: f64| value.is_finite().then_some(value);
        let entries = self.entries(candidate, level).into_iter();
        entries.map(|entry| value(entry).and_then(defined)).collect()
    }

    fn scores(&self, candidate: usize, level: usize) -> Vec<Option<f64>> {
        self.values(candidate, level, self.plan.metrics.chosen)
    }

    /// The score over folds; `None` when one failed.
    fn estimate(&self, candidate: usize, level: usize) -> Option<Estimate> {
        self.mean_score(candidate, level)?;
        estimate(&self.scores(candidate, level))
    }

    /// Every metric at the only level.
    fn estimates(&self, candidate: usize) -> BTreeMap<String, Estimate> {
        self.by_name(|metric| estimate(&self.values(candidate, 0, metric)))
    }

    fn by_name<T>(&self, value: impl Fn(usize) -> Option<T>) -> BTreeMap<String, T> {
        let mut named = BTreeMap::new();
        for (metric, info) in self.plan.metrics.all.iter().enumerate() {
            value(metric).map(|value| named.insert(info.name.to_owned(), value));
        }
        named
    }

    /// Mean time of a fold.
    fn seconds(&self, candidate: usize, level: usize) -> f64 {
        let entries = self.entries(candidate, level);
        let all: Vec<f64> = entries.into_iter().flatten().map(|entry| entry.seconds).collect();
        if all.is_empty() { 0.0 } else { mean(&all) }
    }

    fn fold_result(&self, fold: usize) -> FoldResult {
        let entry = self.results.get(&FoldTask { candidate: 0, level: 0, fold });
        let rows = &self.plan.folds[fold];
        FoldResult {
            train_rows: rows.train.len(),
            test_rows: rows.test.len(),
            seconds: entry.map_or(0.0, |entry| entry.seconds),
            metrics: self.by_name(|metric| self.values(0, 0, metric)[fold]),
            error: entry.and_then(|entry| entry.result.clone().err()),
        }
    }

    fn point(&self, level: usize) -> CurvePoint {
        let entries = self.entries(0, level);
        let outcomes: Vec<_> =
            entries.iter().flatten().filter_map(|entry| entry.result.as_ref().ok()).collect();
        let train = |index: usize| outcomes[index].train[self.plan.metrics.chosen];
        let train = (0..outcomes.len()).map(|index| Some(train(index)).filter(|v| v.is_finite()));
        let train: Vec<Option<f64>> = train.collect();
        let rows: Vec<f64> = outcomes.iter().map(|outcome| outcome.rows as f64).collect();
        let validation = self.estimate(0, level);
        CurvePoint {
            share: self.plan.levels[level].share,
            train_rows: if rows.is_empty() { 0.0 } else { mean(&rows) },
            train: validation.and_then(|_| estimate(&train)),
            validation,
            seconds: self.seconds(0, level),
            error: entries.into_iter().flatten().find_map(|entry| entry.result.clone().err()),
        }
    }

    fn leaderboard(&self) -> Vec<Contender> {
        let ranked = self.ranked(0);
        let n = self.plan.candidates.len();
        let failed = (0..n).filter(|candidate| !ranked.contains(candidate));
        let contender = |candidate: usize| Contender {
            learner: Some(self.plan.candidates[candidate].clone()),
            index: Some(candidate),
            score: self.estimate(candidate, 0),
            scores: self.scores(candidate, 0),
            metrics: self.estimates(candidate),
            seconds: self.seconds(candidate, 0),
            difference: None,
            p_value: None,
            error: self.failure(candidate),
        };
        let mut all: Vec<Contender> =
            ranked.iter().map(|&candidate| contender(candidate)).collect();
        let baseline = self.baseline();
        let worse = |other: &Contender| match (other.score, baseline.score) {
            (Some(other), Some(own)) => !self.plan.metrics.is_better(own.mean, other.mean),
            _ => true,
        };
        all.insert(all.partition_point(worse), baseline);
        self.compare_with_best(&mut all);
        all.extend(failed.map(contender));
        all
    }

    fn baseline(&self) -> Contender {
        let folds: Vec<Vec<f64>> =
            (0..self.plan.folds.len()).map(|fold| self.plan.baseline(fold)).collect();
        let values = |metric: usize| -> Vec<Option<f64>> {
            folds.iter().map(|all| Some(all[metric]).filter(|value| value.is_finite())).collect()
        };
        let scores = values(self.plan.metrics.chosen);
        Contender {
            learner: None,
            index: None,
            score: estimate(&scores),
            scores,
            metrics: self.by_name(|metric| estimate(&values(metric))),
            seconds: 0.0,
            difference: None,
            p_value: None,
            error: None,
        }
    }

    fn compare_with_best(&self, all: &mut [Contender]) {
        let Some((best, others)) = all.split_first_mut() else { return };
        let rows = |part: fn(&hedgerow_data::Fold) -> usize| -> f64 {
            self.plan.folds.iter().map(part).sum::<usize>() as f64
        };
        let ratio = rows(|fold| fold.test.len()) / rows(|fold| fold.train.len());
        for other in others {
            let pairs = other.scores.iter().zip(&best.scores);
            let differences: Vec<f64> =
                pairs.filter_map(|(&own, &best)| Some(own? - best?)).collect();
            let means = other.score.zip(best.score);
            other.difference = means.map(|(own, best)| own.mean - best.mean);
            other.p_value = means.and_then(|_| corrected_t_test(&differences, ratio));
        }
    }

    /// All that were tried, and the index of the best.
    fn trials(&self) -> (Vec<Trial>, usize) {
        let levels = self.plan.levels.len();
        let best = (0..levels).rev().find_map(|level| self.ranked(level).first().copied());
        let mut trials = Vec::new();
        let mut best_index = 0;
        for candidate in 0..self.plan.candidates.len() {
            let tried = |level: &usize| self.entries(candidate, *level).iter().any(Option::is_some);
            let Some(level) = (0..levels).rev().find(tried) else { continue };
            if Some(candidate) == best {
                best_index = trials.len();
            }
            trials.push(self.trial(candidate, level));
        }
        (trials, best_index)
    }

    fn trial(&self, candidate: usize, level: usize) -> Trial {
        let learner = self.plan.candidates[candidate].clone();
        let own = self.results.iter().filter(|(task, _)| task.candidate == candidate);
        Trial {
            parameters: self
                .plan
                .space
                .as_ref()
                .map(|s| s.parameters(&learner))
                .unwrap_or_default(),
            learner,
            share: self.plan.levels[level].share,
            score: self.estimate(candidate, level),
            scores: self.scores(candidate, level),
            seconds: own.map(|(_, entry)| entry.seconds).sum(),
            error: self.failure(candidate),
        }
    }
}

/// Over the folds where it is defined; `None` of none.
fn estimate(values: &[Option<f64>]) -> Option<Estimate> {
    let values: Vec<f64> = values.iter().flatten().copied().collect();
    if values.is_empty() {
        return None;
    }
    let std = variance(&values).sqrt();
    let standard_error = std / (values.len() as f64).sqrt();
    Some(Estimate { mean: mean(&values), std, standard_error })
}
