//! Whether given parameters are known and in their ranges.

use serde_json::{Map, Value};

use super::spec::{Param, Spec, Values};
use crate::LearnError;

/// Checks parameters by `snake_case` name.
///
/// # Errors
/// [`LearnError::BadLearner`] for an unknown name, [`LearnError::BadParameter`] for a value out of
/// range or of a wrong type.
pub(crate) fn check_given(
    kind: &str,
    params: &[Param],
    given: &Map<String, Value>,
) -> Result<(), LearnError> {
    given.iter().try_for_each(|(name, value)| {
        match params.iter().find(|param| param.name == name) {
            Some(param) => check_value(param.name, &param.spec, value),
            None => {
                let known: Vec<&str> = params.iter().map(|param| param.name).collect();
                let known = known.join(", ");
                let reason = format!("{kind} has no parameter {name:?}; there are: {known}");
                Err(LearnError::BadLearner { reason })
            }
        }
    })
}

/// Checks the values of all parameters, in their order.
///
/// # Errors
/// [`LearnError::BadParameter`] for the first that is out of range.
pub(crate) fn check_values(params: &'static [Param], values: &[Value]) -> Result<(), LearnError> {
    params
        .iter()
        .zip(values)
        .try_for_each(|(param, value)| check_value(param.name, &param.spec, value))
}

/// Checks one value against its declaration.
pub(crate) fn check_value(
    name: &'static str,
    spec: &Spec,
    value: &Value,
) -> Result<(), LearnError> {
    if (value.is_null() && spec.optional.is_some()) || spec.values.takes(value) {
        return Ok(());
    }
    let value = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Err(LearnError::BadParameter { name, value, expected: expected(spec).into() })
}

impl Values {
    fn takes(&self, value: &Value) -> bool {
        match self {
            Self::Whole { min, max } => is_whole(value, *min, *max),
            Self::Number { min, max, open, open_end } => value.as_f64().is_some_and(|number| {
                let from = number > *min || (number == *min && !open);
                let to = number < *max || (number == *max && !open_end);
                from && to && number.is_finite()
            }),
            Self::Choice { choices, or } => match value.as_str() {
                Some(text) => choices.iter().any(|(choice, _)| *choice == text),
                None => or.is_some() && !value.is_null(),
            },
            Self::Switch => value.is_boolean(),
            Self::List { min, max, most } => value.as_array().is_some_and(|all| {
                (1..=*most).contains(&all.len())
                    && all.iter().all(|value| is_whole(value, *min, *max))
            }),
            Self::ByName { .. } => value.is_object(),
        }
    }
}

fn is_whole(value: &Value, min: u32, max: u32) -> bool {
    value.as_u64().is_some_and(|number| (u64::from(min)..=u64::from(max)).contains(&number))
}

/// What is allowed, in words.
fn expected(spec: &Spec) -> String {
    let text = match spec.values {
        Values::Whole { min, max: u32::MAX } => format!("a whole number from {min}"),
        Values::Whole { min, max } => format!("a whole number from {min} to {max}"),
        Values::Number { min, max, open, open_end } => {
            let from = if open { "above" } else { "of at least" };
            let to = if open_end { "below" } else { "at most" };
            match (min > f64::MIN, max < f64::MAX) {
                (true, true) => format!("a number {from} {min} and {to} {max}"),
                (true, false) => format!("a number {from} {min}"),
                (false, true) => format!("a number {to} {max}"),
                (false, false) => "a number".to_owned(),
            }
        }
        Values::Choice { choices, or } => {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).chain(or).collect();
            match names.split_last() {
                Some((last, [])) => (*last).to_owned(),
                Some((last, others)) => format!("{} or {last}", others.join(", ")),
                None => String::new(),
            }
        }
        Values::Switch => "true or false".to_owned(),
        Values::List { min, max, most } => {
            format!("a list of 1 to {most} whole numbers from {min} to {max}")
        }
        Values::ByName { what } => format!("an object of {what}"),
    };
    if spec.optional.is_some() { format!("{text}, or null") } else { text }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{by_name, choice, list, number, switch, whole};
    use super::*;

    #[test]
    fn what_is_in_range_is_taken_and_nothing_else() {
        let cases = [
            (
                whole(1, 9),
                vec![json!(1), json!(9)],
                vec![json!(0), json!(10), json!(1.5), json!("3"), json!(-1), json!(null)],
            ),
            (
                number(0.0, 1.0).above(),
                vec![json!(1), json!(0.5)],
                vec![json!(0), json!(1.5), json!(null)],
            ),
            (number(0.0, 1.0).below(), vec![json!(0)], vec![json!(1)]),
            (number(0.0, 1.0).optional("off"), vec![json!(null)], vec![json!("null")]),
            (choice(&[("a", "A")]), vec![json!("a")], vec![json!("b"), json!(1), json!(null)]),
            (choice(&[("a", "A")]).or("a number"), vec![json!("a"), json!(1)], vec![json!("b")]),
            (switch(), vec![json!(true)], vec![json!(1)]),
            (
                list(1, 9, 2),
                vec![json!([3]), json!([3, 4])],
                vec![json!([]), json!([1, 2, 3]), json!([0]), json!(3)],
            ),
            (by_name("signs"), vec![json!({})], vec![json!([])]),
        ];
        for (spec, good, bad) in cases {
            for value in good {
                assert!(check_value("x", &spec, &value).is_ok(), "{value}");
            }
            for value in bad {
                assert!(check_value("x", &spec, &value).is_err(), "{value}");
            }
        }
    }

    #[test]
    fn errors_say_what_is_allowed() {
        let said = |spec: Spec| expected(&spec);
        assert_eq!(said(whole(1, u32::MAX).optional("no limit")), "a whole number from 1, or null");
        assert_eq!(said(number(0.0, 1.0).above()), "a number above 0 and at most 1");
        assert_eq!(said(number(0.0, f64::MAX)), "a number of at least 0");
        assert_eq!(said(choice(&[("a", ""), ("b", "")]).or("a number")), "a, b or a number");
    }
}
