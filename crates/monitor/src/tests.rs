//! Probabilities beside scipy 1's: `chi2.sf`, `ks_2samp`, and `kstwo.sf`, which `ks_2samp` takes for many rows.

use crate::performance::METRICS;
use crate::statistics::{chi_square_upper, kolmogorov_smirnov};

fn near(found: f64, said: f64, off: f64) {
    assert!((found - said).abs() <= off * said, "{found} is not {said}");
}

#[test]
fn chi_squares_are_as_likely_as_scipy_says() {
    for (x, freedom, said) in [
        (0.5, 1.0, 0.47950012218695337),
        (3.84, 1.0, 0.05004352124870519),
        (10.0, 4.0, 0.04042768199451279),
        (300.0, 254.0, 0.025088607713906825),
        (120.0, 3.0, 7.716790355634162e-26),
    ] {
        near(chi_square_upper(x, freedom), said, 1e-10);
    }
    assert!(chi_square_upper(f64::INFINITY, 2.0).abs() < f64::EPSILON);
}

#[test]
fn distances_of_few_rows_are_exactly_as_likely_as_scipy_says() {
    for (n, m, steps, said) in [
        (10, 12, 60.0, 0.09270296267200293),
        (400, 500, 17_000.0, 0.0762318710810708),
        (1_000, 9_999, 500_000.0, 0.020442342177156268),
    ] {
        near(kolmogorov_smirnov(steps / (n * m) as f64, n, m), said, 1e-9);
    }
}

#[test]
fn distances_of_many_rows_are_about_as_likely_as_scipy_says() {
    for (n, m, d, said) in [
        (50, 20_000, 0.192, 0.043433192215033944),
        (1_000, 20_000, 0.045, 0.041035719005384386),
        (12, 50_000, 0.3, 0.18735709092941788),
        (300, 11_000, 0.02, 0.9996825025498666),
        (5, 20_000, 0.5, 0.112),
    ] {
        near(kolmogorov_smirnov(d, n, m), said, 0.01);
    }
}

#[test]
fn metrics_are_those_of_evaluations() {
    for metric in METRICS {
        let known = hedgerow_evaluate::METRICS.iter().find(|info| info.name == metric.name);
        assert_eq!(
            known.map(|info| info.higher_is_better),
            Some(metric.higher_is_better),
            "{}",
            metric.name
        );
    }
}
