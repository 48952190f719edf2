//! What options are given, read from what was typed.

use hedgerow_learn::Search;
use hedgerow_learn::choose::{ErrorCosts, ThresholdChoice};
use hedgerow_model::Kind;

pub fn parse_delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        [byte] => Ok(*byte),
        _ if text == "\\t" || text == "tab" => Ok(b'\t'),
        _ => Err("a delimiter is one ASCII character, or `tab`".to_owned()),
    }
}

pub fn parse_kind(text: &str) -> Result<(String, Kind), String> {
    const KINDS: [Kind; 5] = [Kind::Number, Kind::Boolean, Kind::Category, Kind::Date, Kind::Text];
    let (name, kind) = text.rsplit_once('=').ok_or("write COLUMN=TYPE")?;
    KINDS
        .into_iter()
        .find(|known| known.name() == kind)
        .map(|kind| (name.to_owned(), kind))
        .ok_or_else(|| "a type is number, boolean, category, date or text".to_owned())
}

/// `random-forest:n_estimators=200,max_depth=8`.
pub fn parse_learner(text: &str) -> Result<(String, Vec<(String, serde_json::Value)>), String> {
    let (kind, params) = text.split_once(':').unwrap_or((text, ""));
    let params = split_values(params).into_iter().map(|param| parse_set(&param));
    Ok((kind.to_owned(), params.collect::<Result<_, _>>()?))
}

/// Cuts at commas that are not inside brackets or braces.
fn split_values(text: &str) -> Vec<String> {
    let mut depth = 0;
    let mut parts = vec![String::new()];
    for letter in text.chars() {
        depth += i32::from("[{".contains(letter)) - i32::from("]}".contains(letter));
        match parts.last_mut() {
            Some(last) if letter != ',' || depth > 0 => last.push(letter),
            _ => parts.push(String::new()),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// `max_depth=2..12`, `learning_rate=0.01..1:log`, `max_features=sqrt,0.5`.
pub fn parse_space(text: &str) -> Result<(String, Search), String> {
    let (name, values) = text.split_once('=').ok_or("write NAME=LOW..HIGH or NAME=A,B,C")?;
    let (range, log) = match values.strip_suffix(":log") {
        Some(range) => (range, true),
        None => (values, false),
    };
    let ends = range.split_once("..").map(|(low, high)| (low.parse::<f64>(), high.parse::<f64>()));
    let search = match ends {
        Some((Ok(low), Ok(high))) => Search::Range { low, high, log },
        Some(_) => return Err("a range is two numbers, as 0.01..1 or 0.01..1:log".to_owned()),
        None => {
            let value = |text: String| serde_json::from_str(&text).unwrap_or_else(|_| text.into());
            Search::Each { values: split_values(values).into_iter().map(value).collect() }
        }
    };
    Ok((name.to_owned(), search))
}

pub fn parse_threshold(text: &str) -> Result<ThresholdChoice, String> {
    let (name, values) = text.split_once(':').unwrap_or((text, ""));
    let numbers: Option<Vec<f64>> = values.split(',').map(|value| value.parse().ok()).collect();
    match (name, numbers.as_deref()) {
        ("f1", None) => Ok(ThresholdChoice::F1),
        ("accuracy", None) => Ok(ThresholdChoice::Accuracy),
        ("balanced_accuracy", None) => Ok(ThresholdChoice::BalancedAccuracy),
        ("mcc", None) => Ok(ThresholdChoice::Mcc),
        ("cost", Some(&[false_positive, false_negative])) => {
            Ok(ThresholdChoice::Cost(ErrorCosts { false_positive, false_negative }))
        }
        ("precision_at_recall", Some(&[recall])) => Ok(ThresholdChoice::PrecisionAtRecall(recall)),
        ("recall_at_precision", Some(&[least])) => Ok(ThresholdChoice::RecallAtPrecision(least)),
        _ => {
            Err("write f1, accuracy, balanced_accuracy, mcc, cost:1,5, precision_at_recall:0.8 or \
                  recall_at_precision:0.9"
                .to_owned())
        }
    }
}

pub fn parse_seconds(text: &str) -> Result<f64, String> {
    let seconds = text.parse::<f64>().ok().filter(|&seconds| seconds > 0.0 && seconds < 1e9);
    seconds.ok_or_else(|| "seconds are a number above 0".to_owned())
}

/// `n_estimators=200`: the value is JSON where it parses as JSON, else a string.
pub fn parse_set(text: &str) -> Result<(String, serde_json::Value), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    let value = serde_json::from_str(value).unwrap_or_else(|_| value.into());
    Ok((name.to_owned(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_json_where_they_can_be() {
        assert_eq!(parse_set("n_estimators=200").unwrap().1, 200);
        assert_eq!(parse_set("max_features=sqrt").unwrap().1, "sqrt");
        assert!(parse_set("n_estimators").is_err());
    }

    #[test]
    fn learners_and_spaces_are_read() {
        let (kind, params) = parse_learner("mlp:hidden=[8,4],alpha=0.5").unwrap();
        assert_eq!((kind.as_str(), params.len()), ("mlp", 2));
        assert_eq!(params[0].1, serde_json::json!([8, 4]));
        assert_eq!(parse_learner("ridge").unwrap().1.len(), 0);
        let range = Search::Range { low: 0.01, high: 1.0, log: true };
        assert_eq!(parse_space("a=0.01..1:log").unwrap(), ("a".to_owned(), range));
        let values = vec!["sqrt".into(), 0.5.into(), serde_json::Value::Null];
        assert_eq!(parse_space("a=sqrt,0.5,null").unwrap().1, Search::Each { values });
        assert!(parse_space("a=1..b").is_err() && parse_seconds("-1").is_err());
    }

    #[test]
    fn thresholds_are_read() {
        assert_eq!(parse_threshold("f1").unwrap(), ThresholdChoice::F1);
        let costs = ErrorCosts { false_positive: 1.0, false_negative: 5.5 };
        assert_eq!(parse_threshold("cost:1,5.5").unwrap(), ThresholdChoice::Cost(costs));
        for bad in ["f2", "cost:1", "cost", "f1:3", "recall_at_precision:x"] {
            assert!(parse_threshold(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_column_name_may_hold_an_equals_sign() {
        assert_eq!(parse_kind("a=b=date").unwrap(), ("a=b".to_owned(), Kind::Date));
    }
}
