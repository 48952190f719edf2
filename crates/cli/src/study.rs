//! Studies over threads: every training in one of them.

use std::io::IsTerminal;
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use hedgerow_data::Table;
use hedgerow_learn::LearnError;
use hedgerow_learn::choose::{
    Failure, FoldTask, Outcome, Plan, Study, StudyOptions, StudyProgress,
};

use crate::interrupt;

/// What a thread sends when a task has ended.
struct Ended {
    thread: usize,
    task: FoldTask,
    result: Result<Outcome, Failure>,
    seconds: f64,
}

/// Runs a study with `jobs` threads; after `limit` no other candidate begins. What it finds does not
/// depend on the number of threads.
pub fn run(
    table: &Table,
    options: StudyOptions,
    jobs: usize,
    limit: Option<Duration>,
) -> Result<Study, crate::failure::Failure> {
    let begun = Instant::now();
    let plan = Arc::new(Plan::new(table, options)?);
    let mut study = Study::new(Arc::clone(&plan));
    let jobs = jobs.clamp(1, plan.total().max(1));
    let next = |study: &mut Study| {
        if limit.is_some_and(|limit| begun.elapsed() >= limit) {
            study.stop();
        }
        study.next_task()
    };
    std::thread::scope(|scope| {
        let (sender, ended) = mpsc::channel();
        let threads: Vec<mpsc::Sender<FoldTask>> = (0..jobs)
            .map(|thread| {
                let (tasks, own) = mpsc::channel();
                let (sender, plan) = (sender.clone(), &plan);
                scope.spawn(move || work(plan, table, thread, &own, &sender));
                tasks
            })
            .collect();
        let mut idle: Vec<usize> = (0..jobs).rev().collect();
        loop {
            while let Some(thread) = idle.pop() {
                let task = next(&mut study);
                // A thread ends only when its channel does.
                if task.is_none_or(|task| threads[thread].send(task).is_err()) {
                    idle.push(thread);
                    break;
                }
            }
            if idle.len() == jobs {
                return Ok(study);
            }
            let Ok(Ended { thread, task, result, seconds }) = ended.recv() else {
                return Ok(study);
            };
            idle.push(thread);
            say(&study.add(task, result, seconds)?);
            interrupt::check()?;
        }
    })
}

/// Does tasks until there are no more.
fn work(
    plan: &Plan,
    table: &Table,
    thread: usize,
    tasks: &mpsc::Receiver<FoldTask>,
    ended: &mpsc::Sender<Ended>,
) {
    while let Ok(task) = tasks.recv() {
        let begun = Instant::now();
        let result = fit(plan, table, task).map_err(|error| Failure::new(&error));
        let seconds = begun.elapsed().as_secs_f64();
        if ended.send(Ended { thread, task, result, seconds }).is_err() {
            return;
        }
    }
}

fn fit(plan: &Plan, table: &Table, task: FoldTask) -> Result<Outcome, LearnError> {
    let mut fit = plan.begin(task)?;
    while fit.advance(plan, table, usize::MAX)?.is_some() {}
    fit.finish()
}

/// A line on standard error when that is a terminal.
fn say(progress: &StudyProgress) {
    let StudyProgress { done, total, candidate, fold, .. } = progress;
    if !std::io::stderr().is_terminal() {
        return;
    }
    let outcome = match (&progress.error, progress.score) {
        (Some(error), _) => format!("failed: {}", error.message),
        (None, Some(score)) => format!("{score:.4}"),
        (None, None) => "undefined".to_owned(),
    };
    eprintln!("{done}/{total}  candidate {}, fold {}: {outcome}", candidate + 1, fold + 1);
}
