//! Fitting over threads, with a progress bar.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use hedgerow_data::Table;
use hedgerow_learn::forest::ForestJob;
use hedgerow_learn::{TrainOptions, Training};
use hedgerow_model::Model;
use indicatif::{ProgressBar, ProgressStyle};

use crate::failure::Failure;
use crate::interrupt;

/// What else wants to know how far a training is.
pub type Watch<'a> = &'a mut dyn FnMut(&Training);

/// Trains with `jobs` threads, where the work can be shared. The model is the same for any number
/// of threads.
/// `watch` is called after every step.
pub fn train(
    table: &Table,
    options: TrainOptions,
    jobs: usize,
    watch: Watch<'_>,
) -> Result<Model, Failure> {
    let mut training = Training::new(table, options)?;
    let bar = progress_bar(training.total());
    match training.shared().cloned() {
        Some(job) => share(&mut training, &job, jobs, &bar, watch)?,
        None => {
            while !training.ended() {
                training.step(training.done())?;
                seen(&bar, &training, watch)?;
            }
        }
    }
    bar.finish_and_clear();
    Ok(training.finish()?)
}

/// Each thread takes the next step; the parts are merged in order.
fn share(
    training: &mut Training,
    job: &ForestJob,
    jobs: usize,
    bar: &ProgressBar,
    watch: Watch<'_>,
) -> Result<(), Failure> {
    let total = job.n_tasks();
    let next = AtomicUsize::new(0);
    let (sender, parts) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, total) {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    // The receiver is gone only when merging failed: then there is no more to do.
                    if index >= total || sender.send((index, job.fit_tree(index))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        for (index, part) in parts {
            training.add(index, part)?;
            seen(bar, training, watch)?;
        }
        Ok(())
    })
}

fn seen(bar: &ProgressBar, training: &Training, watch: Watch<'_>) -> Result<(), Failure> {
    bar.set_position(training.done() as u64);
    if let Some(score) = training.score() {
        bar.set_message(format!("{} {:.4}", score.name, score.value));
    }
    interrupt::check()?;
    watch(training);
    Ok(())
}

/// Drawn on standard error when that is a terminal, else nowhere.
fn progress_bar(steps: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} steps, {eta} left  {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(steps as u64).with_style(style)
}
