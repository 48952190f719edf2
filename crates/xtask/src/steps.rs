//! Checks run one after another, with a summary at the end.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// Runs checks in order and remembers how each went. After the first failure the others are not run,
/// and the summary says so.
#[derive(Default)]
pub struct Steps {
    done: Vec<(String, Outcome)>,
}

enum Outcome {
    Passed(Duration),
    Failed(Duration),
    NotRun,
}

impl Steps {
    /// What the check returned, unless it or one before it failed.
    pub fn step<T>(&mut self, name: &str, check: impl FnOnce() -> Result<T>) -> Option<T> {
        let (outcome, value) =
            if self.failed() { (Outcome::NotRun, None) } else { timed(name, check) };
        self.done.push((name.to_owned(), outcome));
        value
    }

    fn failed(&self) -> bool {
        self.done.iter().any(|(_, outcome)| matches!(outcome, Outcome::Failed(_)))
    }

    /// Prints the summary; an error if a check failed.
    pub fn finish(self) -> Result<()> {
        println!();
        for (name, outcome) in &self.done {
            match outcome {
                Outcome::Passed(took) => println!("passed   {name} ({:.1} s)", took.as_secs_f64()),
                Outcome::Failed(took) => println!("FAILED   {name} ({:.1} s)", took.as_secs_f64()),
                Outcome::NotRun => println!("not run  {name}"),
            }
        }
        if self.failed() {
            bail!("a check failed; see above");
        }
        Ok(())
    }
}

fn timed<T>(name: &str, check: impl FnOnce() -> Result<T>) -> (Outcome, Option<T>) {
    println!("\n== {name}");
    let start = Instant::now();
    match check() {
        Ok(value) => (Outcome::Passed(start.elapsed()), Some(value)),
        Err(error) => {
            crate::complain(&error);
            (Outcome::Failed(start.elapsed()), None)
        }
    }
}
