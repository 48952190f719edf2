//! What a comparison comes to.

use serde::Serialize;

use crate::short;

use super::{AnyTime, Arm, CompareOptions, Comparison, SampleRatio, Untested};

/// What a comparison comes to. It holds however often one looked before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The variant is better than the control.
    Better,
    /// It is worse.
    Worse,
    /// Neither is shown yet.
    Undecided,
    /// There is too little to test.
    Untested,
    /// Units were not assigned as they should have been, so no difference can be trusted.
    Untrusted,
}

/// Judges a comparison of a variant with the control, and says so in a sentence.
pub(super) fn judge(
    compared: &Comparison,
    control: &str,
    arms: [&Arm; 2],
    ratio: &SampleRatio,
    options: &CompareOptions,
) -> (Verdict, String) {
    let variant = &compared.variant;
    if ratio.is_mismatch {
        let p = short(ratio.p_value.unwrap_or(0.0), 3);
        return (
            Verdict::Untrusted,
            format!(
                "{variant} cannot be judged: units are not spread over the variants as the weights say (p = {p}). \
                 Find out what sorts them first."
            ),
        );
    }
    match (compared.any_time, compared.untested) {
        (Some(found), _) => settled(compared, control, arms, &found, options),
        (None, Some(Untested::NoSpread)) => (
            Verdict::Untested,
            format!(
                "{variant} cannot be compared with {control}: all outcomes of each are the same."
            ),
        ),
        (None, _) => {
            let [n, m] = arms.map(Arm::n);
            let counts = format!("{control} has {n} and {variant} {m}");
            (
                Verdict::Untested,
                format!("{variant} cannot be compared with {control}: too few units ({counts})."),
            )
        }
    }
}

fn settled(
    compared: &Comparison,
    control: &str,
    arms: [&Arm; 2],
    found: &AnyTime,
    options: &CompareOptions,
) -> (Verdict, String) {
    let variant = &compared.variant;
    let [what, _] = arms.map(|arm| if arm.is_proportion() { "share" } else { "mean" });
    let Some([low, high]) = found.interval else {
        let message = format!(
            "Too early to tell {variant} from {control}: no difference can be excluded yet."
        );
        return (Verdict::Undecided, message);
    };
    let between = format!("between {} and {}", short(low, 3), short(high, 3));
    if low <= 0.0 && high >= 0.0 {
        let message = format!(
            "{variant} and {control} cannot be told apart yet: the difference of the {what} is {between}. Go on, \
             unless differences of that size do not matter."
        );
        return (Verdict::Undecided, message);
    }
    let (verdict, word) = match (low > 0.0) != options.lower_is_better {
        true => (Verdict::Better, "better"),
        false => (Verdict::Worse, "worse"),
    };
    let side = if low > 0.0 { "higher" } else { "lower" };
    let lift = compared.lift().map_or(String::new(), |lift| format!(" ({:+.1} %)", 100.0 * lift));
    let message = format!(
        "{variant} is {word} than {control}: its {what} is {side} by {}{lift}, {between}, however often one looked \
         (p = {}).",
        short(found.difference.abs(), 3),
        short(found.p_value, 3)
    );
    (verdict, message)
}

impl Comparison {
    /// The difference by the control's mean.
    fn lift(&self) -> Option<f64> {
        self.adjusted.map(|adjusted| adjusted.estimate).or(self.once)?.lift
    }
}
