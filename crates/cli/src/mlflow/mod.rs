//! MLflow servers: what carries the requests of pushes and pulls.

mod client;
pub mod pull;
pub mod push;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hedgerow_track::mlflow::Progress;
use hedgerow_track::{Stamp, Workspace};
use indicatif::{ProgressBar, ProgressStyle};

use crate::failure::Failure;

/// The workspace in a file.
fn open_workspace(path: &std::path::Path) -> Result<Workspace, Failure> {
    let text = path.to_str().ok_or_else(|| {
        let reason = std::io::Error::other("its name is not Unicode");
        Failure::io(path, &reason)
    })?;
    Ok(Workspace::open(text)?)
}

/// The workspace in a file that is there: who hands on what is in it does not want a new one.
fn existing_workspace(path: &std::path::Path) -> Result<Workspace, Failure> {
    std::fs::metadata(path).map_err(|error| Failure::io(path, &error))?;
    open_workspace(path)
}

/// Now, by who is logged in.
fn stamp() -> Stamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let author = std::env::var("USER").or_else(|_| std::env::var("USERNAME")).unwrap_or_default();
    Stamp { at: since.as_millis() as i64, author }
}

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
