//! Means over folds, and whether two of them differ.

/// The mean; NaN of none.
pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The variance with `n - 1`; 0 of fewer than two.
pub(super) fn variance(values: &[f64]) -> f64 {
    if values.len() < 2 {
        return 0.0;
    }
    let mean = mean(values);
    let squares = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>();
    squares / (values.len() - 1) as f64
}

/// The corrected resampled t-test of Nadeau and Bengio (2003, "Inference for the Generalization
/// Error"): how likely differences at least as large as these, one a fold, are between learners that
/// are equally good; two-sided. `ratio` is the number of a fold's test rows over that of its
/// training rows: folds share training rows, so an uncorrected test would find differences too
/// often. `None` of fewer than two folds.
pub fn corrected_t_test(differences: &[f64], ratio: f64) -> Option<f64> {
    if differences.len() < 2 {
        return None;
    }
    let n = differences.len() as f64;
    let (mean, variance) = (mean(differences), variance(differences));
    if variance <= 0.0 {
        // All folds differ by the same.
        return Some(if mean == 0.0 { 1.0 } else { 0.0 });
    }
    let t = mean / ((1.0 / n + ratio) * variance).sqrt();
    t.is_finite().then(|| student_t_two_sided(t, n - 1.0))
}

/// The probability that Student's t with `freedom` degrees of freedom, at least 1, is at least as far
/// from 0 as `t` is: `I_x(freedom / 2, 1 / 2)` at `x = freedom / (freedom + t²)` (Abramowitz and
/// Stegun 1964, 26.7.1).
pub fn student_t_two_sided(t: f64, freedom: f64) -> f64 {
    let squared = t * t;
    // The complement is given too: near 0 and 1 it could not be told from `x`.
    incomplete_beta(
        freedom / 2.0,
        0.5,
        freedom / (freedom + squared),
        squared / (freedom + squared),
    )
}

/// The regularised incomplete beta function at `x`, with `1 - x` as `rest`.
fn incomplete_beta(a: f64, b: f64, x: f64, rest: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if rest <= 0.0 {
        return 1.0;
    }
    let front = libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b);
    let front = libm::exp(front + a * libm::log(x) + b * libm::log(rest));
    if x < (a + 1.0) / (a + b + 2.0) {
        front * continued_fraction(a, b, x) / a
    } else {
        1.0 - front * continued_fraction(b, a, rest) / b
    }
}

/// The continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8), by the
/// method of Lentz (1976).
fn continued_fraction(a: f64, b: f64, x: f64) -> f64 {
    let apart = |value: f64| if value.abs() < 1e-300 { 1e-300 } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / apart(1.0 - (a + b) * x / (a + 1.0));
    let mut result = d;
    for m in 1..500 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        for term in [even, odd] {
            d = 1.0 / apart(1.0 + term * d);
            c = apart(1.0 + term / c);
            result *= c * d;
        }
        if (c * d - 1.0).abs() < 1e-16 {
            break;
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    const GOLDEN: &str = include_str!("../../../../tests/golden/choose/choose.json");

    fn numbers(value: &Value) -> Vec<f64> {
        value.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
    }

    #[test]
    fn tails_of_students_t_are_scipys() {
        let golden: Value = serde_json::from_str(GOLDEN).unwrap();
        for case in golden["studentT"].as_array().unwrap() {
            let case = numbers(case);
            let found = student_t_two_sided(case[0], case[1]);
            assert!((found - case[2]).abs() <= 1e-12 * case[2].max(1e-3), "{case:?} {found}");
        }
    }

    /// With one degree of freedom it is Cauchy's distribution. (scipy is off by 3e-11 here.)
    #[test]
    fn near_0_no_digits_are_lost() {
        let exact = 1.0 - 2.0 / std::f64::consts::PI * libm::atan(1e-6);
        assert!((student_t_two_sided(1e-6, 1.0) - exact).abs() < 1e-15);
    }

    #[test]
    fn the_corrected_test_is_as_computed_with_scipy() {
        let golden: Value = serde_json::from_str(GOLDEN).unwrap();
        for case in golden["correctedT"].as_array().unwrap() {
            let found =
                corrected_t_test(&numbers(&case["differences"]), case["ratio"].as_f64().unwrap());
            let expected = case["p"].as_f64().unwrap();
            assert!((found.unwrap() - expected).abs() < 1e-12, "{case} {found:?}");
        }
        assert_eq!(corrected_t_test(&[0.0; 5], 0.25), Some(1.0));
        assert_eq!(corrected_t_test(&[0.5; 5], 0.25), Some(0.0));
        assert_eq!(corrected_t_test(&[0.5], 0.25), None);
    }
}
