//! What a tuning draws parameters from.

use std::collections::BTreeMap;

use hedgerow_data::nearest_name;
use serde_json::Value;

use super::random::{Random, Use};
use crate::learner::snake_case;
use crate::{Declaration, LearnError, Learner, Parameter, Search};

/// So many draws that were all tried before mean that there are no others.
const MAX_REPEATS: usize = 100;

/// The parameters that are searched, by `snake_case` name.
#[derive(Debug)]
pub(super) struct Space {
    base: Learner,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    name: String,
    whole: bool,
    search: Search,
}

impl Space {
    /// What is given, or else what the learner declares for all parameters that have their default;
    /// but not `resource`.
    ///
    /// # Errors
    /// [`LearnError::EmptySpace`], [`LearnError::BadSpace`]; for values that the learner does not
    /// take, what the learner says.
    pub fn new(
        base: &Learner,
        given: Option<&BTreeMap<String, Search>>,
        resource: &str,
    ) -> Result<Self, LearnError> {
        let declared = declaration(base)?;
        let entries: Vec<Entry> = match given {
            Some(given) => given
                .iter()
                .map(|(name, search)| given_entry(&declared, name, search))
                .collect::<Result<_, _>>()?,
            None => declared_entries(&declared, base),
        };
        let resource = snake_case(resource);
        let entries: Vec<Entry> =
            entries.into_iter().filter(|entry| entry.name != resource).collect();
        if entries.is_empty() {
            return Err(LearnError::EmptySpace { learner: declared.kind });
        }
        let space = Self { base: base.clone(), entries };
        space.check()?;
        Ok(space)
    }

    /// The learner itself, then `n - 1` others drawn from the space; fewer where it holds fewer.
    pub fn trials(&self, n: usize, seed: u64) -> Result<Vec<Learner>, LearnError> {
        let mut trials = vec![self.base.clone()];
        let mut repeats = 0;
        for index in 1.. {
            if trials.len() >= n || repeats >= MAX_REPEATS {
                break;
            }
            let mut random = Random::new(seed, Use::Trial, index);
            let drawn =
                self.entries.iter().map(|entry| (entry.name.as_str(), entry.draw(&mut random)));
            let learner = with(&self.base, drawn)?;
            if trials.contains(&learner) {
                repeats += 1;
            } else {
                trials.push(learner);
                repeats = 0;
            }
        }
        Ok(trials)
    }

    /// The searched parameters of a trial.
    pub fn parameters(&self, trial: &Learner) -> BTreeMap<String, Value> {
        let mut all = trial.record().params;
        all.retain(|name, _| self.entries.iter().any(|entry| entry.name == *name));
        all
    }

    /// Checks that the learner takes the ends of every range and every value.
    fn check(&self) -> Result<(), LearnError> {
        for entry in &self.entries {
            let values = match &entry.search {
                Search::Range { low, high, .. } => vec![entry.number(*low), entry.number(*high)],
                Search::Each { values } => values.clone(),
            };
            for value in values {
                with(&self.base, [(entry.name.as_str(), value)])?;
            }
        }
        Ok(())
    }
}

impl Entry {
    fn draw(&self, random: &mut Random) -> Value {
        match &self.search {
            Search::Range { low, high, log: false } => {
                self.number((low + random.unit() * (high - low)).clamp(*low, *high))
            }
            Search::Range { low, high, log: true } => {
                let (from, to) = (libm::log(*low), libm::log(*high));
                let drawn = libm::exp(from + random.unit() * (to - from));
                self.number(drawn.clamp(*low, *high))
            }
            Search::Each { values } => values[random.below(values.len())].clone(),
        }
    }

    fn number(&self, value: f64) -> Value {
        let rounded = libm::round(value);
        // Exact up to 2^53, which is far beyond any whole number that a learner takes.
        if self.whole && rounded >= 0.0 { (rounded as u64).into() } else { value.into() }
    }
}

/// How the learner declares itself.
pub(super) fn declaration(learner: &Learner) -> Result<Declaration, LearnError> {
    let kind = learner.kind();
    let all = Learner::declarations().into_iter();
    all.into_iter()
        .find(|declared| declared.kind == kind)
        .ok_or_else(|| LearnError::BadLearner { reason: format!("{kind} is not declared") })
}

/// The learner with some parameters changed, by `snake_case` name.
pub(super) fn with<'a>(
    learner: &Learner,
    changed: impl IntoIterator<Item = (&'a str, Value)>,
) -> Result<Learner, LearnError> {
    let mut record = learner.record();
    record.params.extend(changed.into_iter().map(|(name, value)| (name.to_owned(), value)));
    Learner::from_params(&record.kind, record.params)
}

fn declared_entries(declared: &Declaration, base: &Learner) -> Vec<Entry> {
    let params = base.record().params;
    let entry = |param: &Parameter| {
        let search = param.search.clone()?;
        let untouched = params.get(&param.field) == Some(&param.default);
        untouched.then(|| Entry { name: param.field.clone(), whole: param.kind == "whole", search })
    };
    declared.parameters.iter().filter_map(entry).collect()
}

fn given_entry(declared: &Declaration, name: &str, search: &Search) -> Result<Entry, LearnError> {
    let bad = |reason: String| LearnError::BadSpace { name: name.to_owned(), reason };
    let field = snake_case(name);
    let known = || declared.parameters.iter().map(|param| param.field.as_str());
    let Some(param) = declared.parameters.iter().find(|param| param.field == field) else {
        let nearest = nearest_name(&field, known());
        let hint = nearest.map(|name| format!("; the nearest is {name}")).unwrap_or_default();
        return Err(bad(format!("{} has no parameter of this name{hint}", declared.kind)));
    };
    match search {
        Search::Each { values } if values.is_empty() => Err(bad("it has no values".to_owned())),
        Search::Range { low, high, .. }
            if !(low <= high && high.is_finite() && low.is_finite()) =>
        {
            Err(bad(format!("a range from {low} to {high} holds nothing")))
        }
        Search::Range { low, log: true, .. } if *low <= 0.0 => {
            Err(bad(format!("a logarithmic range must start above 0, not at {low}")))
        }
        _ => Ok(Entry { name: field, whole: param.kind == "whole", search: search.clone() }),
    }
}
