//! Fitting over threads, with a progress bar.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use hedgerow_data::Table;
use hedgerow_learn::{LearnError, TrainOptions, Training};
use hedgerow_model::Model;
use indicatif::{ProgressBar, ProgressStyle};

/// Trains with `jobs` threads. Each takes the next tree; the parts are merged in order, so the
/// model is the same for any number of threads.
pub fn train(table: &Table, options: TrainOptions, jobs: usize) -> Result<Model, LearnError> {
    let mut training = Training::new(table, options)?;
    let job = training.job().clone();
    let n_trees = job.n_tasks();
    let bar = progress_bar(n_trees);
    let next = AtomicUsize::new(0);
    let (sender, parts) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, n_trees) {
            let (sender, next, job) = (sender.clone(), &next, &job);
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    // The receiver is gone only when merging failed: then there is no more to do.
                    if index >= n_trees || sender.send((index, job.fit_tree(index))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        for (index, part) in parts {
            training.add(index, part)?;
            bar.inc(1);
            if let Some((name, score)) = training.score() {
                bar.set_message(format!("{name} {score:.4}"));
            }
        }
        Ok::<(), LearnError>(())
    })?;
    bar.finish_and_clear();
    training.finish()
}

/// Drawn on standard error when that is a terminal, else nowhere.
fn progress_bar(n_trees: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} trees, {eta} left  {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(n_trees as u64).with_style(style)
}
