//! Beside scipy; `tests/golden/monitor/experiment.py` made what it says.

use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Golden {
    students: Vec<Student>,
    betas: Vec<Beta>,
}

#[derive(Deserialize)]
struct Student {
    t: f64,
    freedom: f64,
    p: f64,
}

#[derive(Deserialize)]
struct Beta {
    a: f64,
    b: f64,
    x: f64,
    p: f64,
}

fn golden() -> Golden {
    serde_json::from_str(include_str!("../../../../tests/golden/monitor/experiment.json")).unwrap()
}

#[test]
fn students_t_is_scipys() {
    for Student { t, freedom, p } in golden().students {
        let found = student_two_sided(t, freedom);
        // With 3e9 degrees of freedom a rounding counts that often.
        let allowed = p * (1e-11 + 1e-16 * freedom);
        assert!((found - p).abs() <= allowed, "{t} {freedom}: {found} {p}");
        let back = student_critical(p, freedom);
        assert!((back - t.abs()).abs() < 1e-6 * t.abs(), "{t} {freedom}: {back}");
    }
}

#[test]
fn beta_is_scipys() {
    for Beta { a, b, x, p } in golden().betas {
        let found = beta_cdf(a, b, x, 1.0 - x);
        assert!((found - p).abs() <= 1e-9 * p, "{a} {b} {x}: {found} {p}");
        assert!((beta_cdf(b, a, 1.0 - x, x) - (1.0 - p)).abs() < 1e-9, "{a} {b} {x}");
        assert!((beta_quantile(a, b, p) - x).abs() < 1e-8 * x, "{a} {b} {x}");
    }
}

#[test]
fn densities_integrate_to_probabilities() {
    for (a, b) in [(1.0, 1.0), (3.0, 8.5), (400.0, 600.0)] {
        let part = integral(&steps(0.1, 0.42, 50), |x| beta_density(a, b, x));
        let expected = beta_cdf(a, b, 0.42, 0.58) - beta_cdf(a, b, 0.1, 0.9);
        assert!((part - expected).abs() < 1e-12, "{a} {b}: {part} {expected}");
    }
}

#[test]
fn critical_values_are_the_tables() {
    assert!((normal_critical(0.05) - CRITICAL_95).abs() < 1e-14);
    assert!((normal_critical(1e-9) - 6.109_410_204_869_397_5).abs() < 1e-12);
    assert!((student_critical(0.05, 10.0) - 2.228_138_851_986_275).abs() < 1e-11);
    assert_eq!(above(|_| false), f64::INFINITY);
}

#[test]
fn anything_is_a_probability() {
    let odd = [0.0, 1e-300, 1e-9, 0.5, 1.0, 37.0, 1e6, 1e12, 1e300];
    for a in odd {
        for b in odd {
            let p = student_two_sided(a, b.max(1e-3));
            assert!((0.0..=1.0).contains(&p), "{a} {b}: {p}");
            for x in [0.0, 1e-300, 0.3, 1.0 - 1e-16, 1.0] {
                let p = beta_cdf(a.clamp(0.5, 1e12), b.clamp(0.5, 1e12), x, 1.0 - x);
                assert!((0.0..=1.0).contains(&p), "{a} {b} {x}: {p}");
            }
        }
    }
}
