//! Hands out the tasks of a plan, takes what came of them in any order, and says what follows.

use std::collections::BTreeMap;
use std::sync::Arc;

use hedgerow_model::Coded;
use serde::Serialize;

use super::options::StudyKind;
use super::plan::{FoldTask, Plan};
use super::report::Failure;
use super::statistics::mean;
use super::task::Outcome;
use crate::LearnError;

/// A study under way.
#[derive(Debug)]
pub struct Study {
    pub(super) plan: Arc<Plan>,
    pub(super) results: BTreeMap<FoldTask, Entry>,
    /// Tasks of the round that goes on, and how many of them were handed out.
    queue: Vec<FoldTask>,
    handed_out: usize,
    round: usize,
    stopped: bool,
}

/// What came of a task.
#[derive(Debug)]
pub(super) struct Entry {
    pub result: Result<Outcome, Failure>,
    pub seconds: f64,
}

/// A task that has ended.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify), tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct StudyProgress {
    /// Tasks ended, and how many there are at most.
    pub done: usize,
    pub total: usize,
    /// The learner or trial.
    pub candidate: usize,
    /// Share of the training rows that were used, or of the parameter that halving gives less of.
    pub share: f64,
    pub fold: usize,
    /// The score of this fold, by the metric that decides; null where it is undefined or the task
    /// failed.
    pub score: Option<f64>,
    /// The mean score of the candidate, once all its folds have ended well.
    pub mean_score: Option<f64>,
    /// Why it failed.
    pub error: Option<Failure>,
}

impl Study {
    /// Nothing is done yet.
    pub fn new(plan: Arc<Plan>) -> Self {
        let all: Vec<usize> = (0..plan.candidates.len()).collect();
        let mut study = Self {
            plan,
            results: BTreeMap::new(),
            queue: Vec::new(),
            handed_out: 0,
            round: 0,
            stopped: false,
        };
        study.queue = study.tasks(&all, 0);
        study
    }

    /// What is studied.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The same, for who does tasks.
    pub fn share_plan(&self) -> Arc<Plan> {
        Arc::clone(&self.plan)
    }

    /// Tasks at most.
    pub fn total(&self) -> usize {
        self.plan.total()
    }

    /// The tasks of a round, candidate by candidate. A halving has a round a level, everything else
    /// one with all levels.
    fn tasks(&self, candidates: &[usize], round: usize) -> Vec<FoldTask> {
        let levels = if self.is_tuning() { round..round + 1 } else { 0..self.plan.levels.len() };
        let folds = 0..self.plan.folds.len();
        let of = |candidate: usize| {
            let folds = folds.clone();
            levels.clone().flat_map(move |level| {
                folds.clone().map(move |fold| FoldTask { candidate, level, fold })
            })
        };
        candidates.iter().flat_map(|&candidate| of(candidate)).collect()
    }

    fn is_tuning(&self) -> bool {
        matches!(self.plan.options.study, StudyKind::Tuning(_))
    }

    /// Takes the next task; `None` when there is none, or none before some under way have ended.
    pub fn next_task(&mut self) -> Option<FoldTask> {
        let task = *self.queue.get(self.handed_out)?;
        let begins =
            self.handed_out > 0 && self.queue[self.handed_out - 1].candidate != task.candidate;
        if self.stopped && begins {
            self.queue.truncate(self.handed_out);
            return None;
        }
        self.handed_out += 1;
        Some(task)
    }

    /// No other candidate shall begin: the time is up. Those under way are still finished, since half
    /// a candidate says nothing.
    pub fn stop(&mut self) {
        self.stopped = true;
    }

    /// Notes what came of a task, and how long it took.
    ///
    /// # Errors
    /// [`LearnError::BadJob`] for a task that was not handed out, or that has ended before.
    pub fn add(
        &mut self,
        task: FoldTask,
        result: Result<Outcome, Failure>,
        seconds: f64,
    ) -> Result<StudyProgress, LearnError> {
        let expected = self.queue[..self.handed_out].contains(&task);
        if !expected || self.results.contains_key(&task) {
            return Err(LearnError::BadJob { reason: format!("{task:?} was not handed out") });
        }
        self.results.insert(task, Entry { result, seconds });
        if self.queue.iter().all(|task| self.results.contains_key(task)) {
            self.next_round();
        }
        Ok(self.progress(task))
    }

    /// The best of this round go on to the next, if there is one.
    fn next_round(&mut self) {
        let next = self.round + 1;
        if self.stopped || !self.is_tuning() || next >= self.plan.levels.len() {
            return;
        }
        let best = self.ranked(self.round);
        let best = &best[..best.len().min(self.plan.levels[next].candidates)];
        let mut going_on = best.to_vec();
        going_on.sort_unstable();
        self.queue = self.tasks(&going_on, next);
        self.handed_out = 0;
        self.round = next;
    }

    fn progress(&self, task: FoldTask) -> StudyProgress {
        let score = self.score(task).filter(|score| score.is_finite());
        StudyProgress {
            done: self.results.len(),
            total: self.plan.total().max(self.results.len()),
            candidate: task.candidate,
            share: self.plan.levels[task.level].share,
            fold: task.fold,
            score,
            mean_score: self.mean_score(task.candidate, task.level),
            error: self.results.get(&task).and_then(|entry| entry.result.clone().err()),
        }
    }

    /// The deciding metric on the test rows.
    fn score(&self, task: FoldTask) -> Option<f64> {
        let outcome = self.results.get(&task)?.result.as_ref().ok()?;
        outcome.test.get(self.plan.metrics.chosen).copied()
    }

    /// The mean of a candidate's scores where they are defined; `None` unless all folds ended well.
    pub(super) fn mean_score(&self, candidate: usize, level: usize) -> Option<f64> {
        let task = |fold| FoldTask { candidate, level, fold };
        let scores: Option<Vec<f64>> =
            (0..self.plan.folds.len()).map(|fold| self.score(task(fold))).collect();
        let mean = mean(&scores?.into_iter().filter(|score| !score.is_nan()).collect::<Vec<_>>());
        mean.is_finite().then_some(mean)
    }

    /// The candidates that have a score at a level, the best first; of equals the first.
    pub(super) fn ranked(&self, level: usize) -> Vec<usize> {
        let scored = (0..self.plan.candidates.len())
            .filter_map(|candidate| Some((candidate, self.mean_score(candidate, level)?)));
        let mut ranked: Vec<(usize, f64)> = Vec::new();
        for (candidate, score) in scored {
            let better = |other: &(usize, f64)| !self.plan.metrics.is_better(score, other.1);
            ranked.insert(ranked.partition_point(better), (candidate, score));
        }
        ranked.into_iter().map(|(candidate, _)| candidate).collect()
    }

    /// The first error of a candidate.
    pub(super) fn failure(&self, candidate: usize) -> Option<Failure> {
        let mut own = self.results.iter().filter(|(task, _)| task.candidate == candidate);
        own.find_map(|(_, entry)| entry.result.clone().err())
    }
}

impl Failure {
    /// An error as a study remembers it.
    pub fn new(error: &impl Coded) -> Self {
        Self { code: error.code().to_owned(), message: error.to_string() }
    }
}
