//! A declaration as data, for forms, help texts and tuning.

use hedgerow_model::json;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Declared;
use super::spec::{Param, Range, Values};
use crate::TaskChoice;

/// A learner and its parameters.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Declaration {
    /// `random-forest`, …
    pub kind: String,
    /// Its title.
    pub label: String,
    /// What it is, in one paragraph.
    pub about: String,
    /// What it can predict.
    pub tasks: Vec<TaskChoice>,
    pub parameters: Vec<Parameter>,
}

/// A parameter: what it is called, means and may be.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Parameter {
    /// Name in JavaScript.
    pub name: String,
    /// Name on the command line and in the model file.
    pub field: String,
    /// Its title.
    pub label: String,
    pub help: String,
    /// One of the few that matter most.
    pub basic: bool,
    #[cfg_attr(feature = "ts", tsify(type = "unknown"))]
    pub default: Value,
    /// What `null` means, where it is allowed.
    pub optional: Option<String>,
    /// `map` is an object by name.
    #[serde(rename = "type")]
    #[cfg_attr(
        feature = "ts",
        tsify(type = "'whole' | 'number' | 'choice' | 'switch' | 'list' | 'map'")
    )]
    pub kind: &'static str,
    /// The smallest number allowed.
    pub min: Option<f64>,
    /// The largest number allowed.
    pub max: Option<f64>,
    /// `min` itself is not allowed.
    pub above_min: bool,
    /// `max` itself is not allowed.
    pub below_max: bool,
    pub choices: Vec<Choice>,
    /// What a choice or a map also takes, in words.
    pub or: Option<String>,
    /// What tuning tries; `null` for what it leaves alone.
    pub search: Option<Search>,
}

/// One value of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Choice {
    pub value: String,
    pub label: String,
}

/// What tuning draws a parameter from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum Search {
    /// Evenly, or evenly in the logarithm; whole numbers are rounded.
    Range {
        low: f64,
        high: f64,
        #[serde(default)]
        log: bool,
    },
    /// One of these.
    Each {
        #[cfg_attr(feature = "ts", tsify(type = "unknown[]"))]
        values: Vec<Value>,
    },
}

/// The declaration of a learner.
pub(crate) fn describe<L: Declared>(tasks: &[TaskChoice]) -> Declaration {
    Declaration {
        kind: L::KIND.to_owned(),
        label: L::LABEL.to_owned(),
        about: paragraph(L::ABOUT),
        tasks: tasks.to_vec(),
        parameters: parameters(L::PARAMS, L::default().values()),
    }
}

fn parameters(params: &[Param], defaults: Vec<Value>) -> Vec<Parameter> {
    params.iter().zip(defaults).map(|(param, default)| parameter(param, default)).collect()
}

fn parameter(param: &Param, default: Value) -> Parameter {
    let spec = &param.spec;
    let mut described = Parameter {
        default,
        field: param.name.to_owned(),
        name: camel_case(param.name),
        label: spec.label.to_owned(),
        help: text(param.help),
        basic: spec.basic,
        optional: spec.optional.map(str::to_owned),
        kind: spec.values.name(),
        min: None,
        max: None,
        above_min: false,
        below_max: false,
        choices: Vec::new(),
        or: None,
        search: spec.search.map(search),
    };
    match spec.values {
        Values::Whole { min, max } | Values::List { min, max, .. } => {
            described.min = Some(f64::from(min));
            described.max = (max < u32::MAX).then_some(f64::from(max));
        }
        Values::Number { min, max, open, open_end } => {
            described.min = (min > f64::MIN).then_some(min);
            described.max = (max < f64::MAX).then_some(max);
            (described.above_min, described.below_max) = (open, open_end);
        }
        Values::Choice { choices, or } => {
            let choice = |&(value, label): &(&str, &str)| Choice {
                value: value.to_owned(),
                label: label.to_owned(),
            };
            described.choices = choices.iter().map(choice).collect();
            described.or = or.map(str::to_owned);
        }
        Values::Switch => {}
        Values::ByName { what } => described.or = Some(what.to_owned()),
    }
    described
}

impl Values {
    fn name(&self) -> &'static str {
        match self {
            Self::Whole { .. } => "whole",
            Self::Number { .. } => "number",
            Self::Choice { .. } => "choice",
            Self::Switch => "switch",
            Self::List { .. } => "list",
            Self::ByName { .. } => "map",
        }
    }
}

fn search(range: Range) -> Search {
    match range {
        Range::Even { low, high } => Search::Range { low, high, log: false },
        Range::Log { low, high } => Search::Range { low, high, log: true },
        Range::Each(values) => {
            let value = |text: &&str| json::parse(text).unwrap_or_default();
            Search::Each { values: values.iter().map(value).collect() }
        }
    }
}

/// `n_estimators` to `nEstimators`.
pub(crate) fn camel_case(name: &str) -> String {
    let mut upper = false;
    name.chars().fold(String::with_capacity(name.len()), |mut out, letter| {
        match letter {
            '_' => upper = true,
            _ if upper => {
                out.push(letter.to_ascii_uppercase());
                upper = false;
            }
            _ => out.push(letter),
        }
        out
    })
}

/// Documentation as one line of plain text.
fn text(docs: &str) -> String {
    docs.replace('`', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first paragraph of a documentation.
fn paragraph(docs: &str) -> String {
    let lines = docs.lines().map(str::trim).take_while(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" ").replace('`', "")
}
