//! Counting, adding up, reporting.

use std::ops::Range;

use hedgerow_monitor::{
    Alarm, Baseline, DriftOptions, DriftReport, Rule, default_rules, read_rules, watch,
};
use hedgerow_profile::{Layout, Outcome, Profile, Role, Shape, Truth, Values, sureness};
use hedgerow_scorer::Input;
use serde::Serialize;

use crate::Fault;
use crate::served::{Served, parts};

/// Counts rows by a layout, and adds up what was counted.
pub struct Recorder<'a> {
    n_columns: usize,
    n_outputs: usize,
    classes: Vec<String>,
    layout: Layout,
    /// The training rows' counts are read when they are compared with, from here.
    training: &'a [u8],
    /// Of each column of the layout, where its values come from.
    sources: Vec<Source>,
    /// What was counted since it was last taken.
    seen: Profile<u32>,
    /// Room for the probabilities of an input.
    sure: Vec<f64>,
    /// What was added up since it was last taken.
    sum: Option<Profile>,
    /// Sums of windows before, as a report holds the one after them to rules.
    windows: Vec<Profile>,
}

/// Where the values of a column come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Numbers(usize),
    Texts(usize),
    Prediction,
    Probability,
    /// Not there: rows are counted as without a value.
    Nowhere,
    /// What is true of rows, which labels tell.
    Labels,
}

/// What the scorer says of the rows of an input.
#[derive(Debug, Clone, Copy)]
pub struct Scores<'s> {
    /// Row by row.
    pub values: &'s [f64],
    /// One a row.
    pub classes: &'s [u32],
}

/// What a sum says, beside the training rows.
#[derive(Serialize)]
struct Report {
    alarms: Vec<Alarm>,
    #[serde(flatten)]
    drift: DriftReport,
}

impl<'a> Recorder<'a> {
    /// Of what is [embedded](crate::embedded).
    ///
    /// # Errors
    /// [`Fault::Damaged`].
    pub fn load(bytes: &'a [u8]) -> Result<Self, Fault> {
        let (served, training) = parts(bytes)?;
        let Baseline { layout, .. } = baseline(training)?;
        let of_feature = |name: &str| {
            let input = served.inputs.iter().position(|input| input.name == name);
            input.map_or(Source::Nowhere, |at| match served.inputs[at].is_text {
                true => Source::Texts(at),
                false => Source::Numbers(at),
            })
        };
        let source = |column: &hedgerow_profile::Column| match column.role {
            Role::Feature => of_feature(&column.name),
            Role::Prediction => Source::Prediction,
            Role::Probability => Source::Probability,
            Role::Target => Source::Labels,
        };
        let sources = layout.columns().iter().map(source).collect();
        let seen = Profile::brief(&layout);
        let Served { inputs, classes, outputs: n_outputs } = served;
        let n_columns = inputs.len();
        Ok(Self {
            n_columns,
            n_outputs,
            classes,
            layout,
            training,
            sources,
            seen,
            sure: Vec::new(),
            sum: None,
            windows: Vec::new(),
        })
    }

    /// Columns of an input.
    pub fn n_columns(&self) -> usize {
        self.n_columns
    }

    /// Numbers that come out for a row.
    pub fn n_outputs(&self) -> usize {
        self.n_outputs
    }

    /// Counts rows.
    ///
    /// # Errors
    /// [`Fault::NoInput`] where a text lies outside of the texts, or is no UTF-8; then none is counted.
    pub fn record(&mut self, input: &Input, scores: &Scores) -> Result<(), Fault> {
        // All at once: a call for each took longer than to count it.
        let texts = std::str::from_utf8(input.texts).map_err(|_| Fault::NoInput)?;
        for source in &self.sources {
            if let Source::Texts(at) = source {
                let is_text = |place: Range<usize>| texts.get(place).is_some();
                if !input.places(*at).flatten().all(is_text) {
                    return Err(Fault::NoInput);
                }
            }
        }
        let Self { classes, layout, sources, seen, sure, .. } = self;
        for (index, source) in sources.iter().enumerate() {
            match source {
                Source::Numbers(at) => {
                    seen.record(layout, index, Values::Numbers(input.numbers(*at)));
                }
                Source::Texts(at) => {
                    let words = input.places(*at).map(|place| texts.get(place?));
                    seen.record_words(layout, index, words);
                }
                Source::Prediction if classes.is_empty() => {
                    seen.record(layout, index, Values::Numbers(scores.values));
                }
                Source::Prediction => {
                    let word = |&class: &u32| classes.get(class as usize);
                    let words = scores.classes.iter().map(|class| word(class).map(String::as_str));
                    seen.record_words(layout, index, words);
                }
                Source::Probability => {
                    sure.clear();
                    sure.extend(scores.values.chunks_exact(self.n_outputs.max(1)).map(sureness));
                    seen.record(layout, index, Values::Numbers(sure));
                }
                Source::Nowhere => {
                    seen.record(layout, index, Values::Missing(input.rows as u64));
                }
                Source::Labels => {}
            }
        }
        Ok(())
    }

    /// What was counted, as bytes; counting begins anew.
    pub fn take(&mut self) -> Vec<u8> {
        let bytes = self.seen.to_bytes();
        self.seen = Profile::brief(&self.layout);
        bytes
    }

    /// Adds a profile to the sum.
    ///
    /// # Errors
    /// [`Fault::NoProfile`], [`Fault::OtherModel`].
    pub fn add(&mut self, profile: &[u8]) -> Result<(), Fault> {
        let profile = Profile::from_bytes(profile, &self.layout)?;
        match &mut self.sum {
            Some(sum) => sum.merge(&profile)?,
            none => *none = Some(profile),
        }
        Ok(())
    }

    /// Adds what turned out to be true to the sum: of each row the truth, as a class's number or a value, what was
    /// predicted, likewise, and the scorer's numbers. What cannot be is passed over. Truths are the target's values, too.
    pub fn judge(&mut self, rows: &[f64]) {
        let target = self.sources.iter().position(|source| *source == Source::Labels);
        let sum = self.sum.get_or_insert_with(|| Profile::new(&self.layout));
        for row in rows.chunks_exact(2 + self.n_outputs) {
            let outcome = match self.layout.truth() {
                Some(Truth::Classes(_)) => Outcome::Class {
                    truth: class(row[0]),
                    predicted: class(row[1]),
                    probabilities: &row[2..],
                },
                _ => Outcome::Number { truth: row[0], predicted: row[1] },
            };
            let is_counted = sum.record_outcome(&self.layout, outcome);
            if let Some(target) = target.filter(|_| is_counted) {
                count_truth(sum, &self.layout, target, row[0]);
            }
        }
    }

    /// The sum is of a window of time before the next one. Adding up begins anew.
    pub fn window(&mut self) {
        self.windows.extend(self.sum.take());
    }

    /// The sum, as bytes; adding up begins anew.
    pub fn sum(&mut self) -> Vec<u8> {
        self.sum.take().unwrap_or_else(|| Profile::new(&self.layout)).to_bytes()
    }

    /// The sum beside the training rows, with the windows before held to rules, as JSON. Adding up begins anew.
    ///
    /// # Errors
    /// [`Fault::BadRules`], [`Fault::NoRows`].
    pub fn report(&mut self, rules: &[u8]) -> Result<Vec<u8>, Fault> {
        let mut windows = std::mem::take(&mut self.windows);
        windows.push(self.sum.take().ok_or(Fault::NoRows)?);
        let rules = rules_of(rules)?;
        let baseline = baseline(self.training)?;
        let (mut reports, alarms) = watch(&baseline, &windows, &DriftOptions::default(), &rules)?;
        let report = Report { alarms, drift: reports.pop().ok_or(Fault::NoRows)? };
        serde_json::to_vec(&report).map_err(|_| Fault::TooLarge)
    }
}

/// Counts what was true of a row as a value of the target.
fn count_truth(sum: &mut Profile, layout: &Layout, target: usize, truth: f64) {
    let name = match layout.truth() {
        Some(Truth::Classes(classes)) => classes.get(class(truth)),
        _ => None,
    };
    match (&layout.columns()[target].shape, name) {
        (Shape::Words(_), Some(name)) => {
            sum.record_words(layout, target, std::iter::once(Some(name.as_str())));
        }
        // Classes may be numbers.
        (Shape::Numbers(_), Some(name)) => {
            let value = name.parse().unwrap_or(f64::NAN);
            sum.record(layout, target, Values::Numbers(&[value]));
        }
        (_, None) => sum.record(layout, target, Values::Numbers(&[truth])),
    }
}

fn baseline(training: &[u8]) -> Result<Baseline, Fault> {
    Baseline::from_bytes(training).map_err(|_| Fault::Damaged)
}

/// Rules as JSON; of no text, those that hold where nobody says otherwise.
fn rules_of(rules: &[u8]) -> Result<Vec<Rule>, Fault> {
    if rules.is_empty() {
        return Ok(default_rules());
    }
    Ok(read_rules(rules)?)
}

/// The class of a number; one that there is not where it is none.
fn class(number: f64) -> usize {
    let class = number as usize;
    if class as f64 == number { class } else { usize::MAX }
}
