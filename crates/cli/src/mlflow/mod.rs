//! MLflow servers: what carries the requests of pushes and pulls.

mod args;
mod client;
pub mod pull;
pub mod push;

pub use args::{PullArgs, PushArgs};

use std::time::Duration;

use hedgerow_track::mlflow::Progress;
use indicatif::{ProgressBar, ProgressStyle};

/// A line on the terminal that says how far it is; nothing where there is no terminal.
fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {pos}/{len} {msg}");
    ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn show(bar: &ProgressBar, progress: &Progress) {
    bar.set_length(progress.total as u64);
    bar.set_position(progress.done as u64);
    bar.set_message(progress.at.clone());
}

fn wait(bar: &ProgressBar, seconds: u64) {
    bar.set_message(format!("the server is asked again in {seconds} s"));
    std::thread::sleep(Duration::from_secs(seconds));
}
