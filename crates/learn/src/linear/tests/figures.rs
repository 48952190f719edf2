//! Against scikit-learn's figures and NIST's certified ones.

use serde_json::Value;

use super::*;

fn stored() -> Value {
    let text = include_str!("../../../../../tests/golden/linear/linear.json");
    serde_json::from_str(text).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn compare(name: &str, learner: impl Into<Learner>, target: &str, tolerance: f64) {
    let (stored, learner) = (stored(), learner.into());
    let x = stored["x"].as_array().unwrap().iter().map(numbers).collect();
    let y = numbers(&stored[target]);
    let codes: Vec<u32> = y.iter().map(|code| *code as u32).collect();
    let rows = match target {
        "y" => Rows::numbers(x, y),
        "two" => Rows::classes(x, codes, 2),
        _ => Rows::classes(x, codes, 4),
    };
    let weighted = rows.clone().weighted(numbers(&stored["weights"]));
    for (rows, expected) in [(rows, &stored[name][0]), (weighted, &stored[name][1])] {
        let found = linear(learner.clone(), &rows);
        assert_close(&found.intercepts, &numbers(&expected["intercepts"]), tolerance);
        assert_close(&found.coefficients, &numbers(&expected["coefficients"]), tolerance);
    }
}

#[test]
fn least_squares_and_ridge_are_scikit_learns() {
    compare("linear-regression", LinearRegression::default(), "y", 1e-12);
    compare("ridge", Ridge { alpha: 3.0 }, "y", 1e-12);
}

#[test]
fn elastic_net_and_lasso_are_scikit_learns() {
    let net = |l1_ratio| ElasticNet { alpha: 0.2, l1_ratio, tol: 1e-12, max_iter: 100_000 };
    compare("elastic-net", net(0.6), "y", 1e-8);
    compare("lasso", net(1.0), "y", 1e-8);
}

#[test]
fn logistic_regression_is_scikit_learns() {
    let logistic = |c| LogisticRegression { c, tol: 1e-12, ..LogisticRegression::default() };
    compare("logistic", logistic(0.5), "two", 1e-8);
    compare("multinomial", logistic(2.0), "many", 1e-8);
}

/// Year by year employment and what it might follow from, known for its near collinearity: J. W.
/// Longley, "An Appraisal of Least Squares Programs for the Electronic Computer", 1967. NIST
/// Statistical Reference Datasets, <https://www.itl.nist.gov/div898/strd/lls/data/Longley.shtml>.
const LONGLEY: [[f64; 7]; 16] = [
    [60323.0, 83.0, 234289.0, 2356.0, 1590.0, 107608.0, 1947.0],
    [61122.0, 88.5, 259426.0, 2325.0, 1456.0, 108632.0, 1948.0],
    [60171.0, 88.2, 258054.0, 3682.0, 1616.0, 109773.0, 1949.0],
    [61187.0, 89.5, 284599.0, 3351.0, 1650.0, 110929.0, 1950.0],
    [63221.0, 96.2, 328975.0, 2099.0, 3099.0, 112075.0, 1951.0],
    [63639.0, 98.1, 346999.0, 1932.0, 3594.0, 113270.0, 1952.0],
    [64989.0, 99.0, 365385.0, 1870.0, 3547.0, 115094.0, 1953.0],
    [63761.0, 100.0, 363112.0, 3578.0, 3350.0, 116219.0, 1954.0],
    [66019.0, 101.2, 397469.0, 2904.0, 3048.0, 117388.0, 1955.0],
    [67857.0, 104.6, 419180.0, 2822.0, 2857.0, 118734.0, 1956.0],
    [68169.0, 108.4, 442769.0, 2936.0, 2798.0, 120445.0, 1957.0],
    [66513.0, 110.8, 444546.0, 4681.0, 2637.0, 121950.0, 1958.0],
    [68655.0, 112.6, 482704.0, 3813.0, 2552.0, 123366.0, 1959.0],
    [69564.0, 114.2, 502601.0, 3931.0, 2514.0, 125368.0, 1960.0],
    [69331.0, 115.7, 518173.0, 4806.0, 2572.0, 127852.0, 1961.0],
    [70551.0, 116.9, 554894.0, 4007.0, 2827.0, 130081.0, 1962.0],
];

#[test]
fn coefficients_and_standard_errors_are_nists() {
    let x = LONGLEY.iter().map(|row| row[1..].to_vec()).collect();
    let rows = Rows::numbers(x, LONGLEY.iter().map(|row| row[0]).collect());
    let fitted = fit(LinearRegression::default(), &rows).unwrap();
    let Estimator::Linear(linear) = fitted.estimator else { panic!("not linear") };
    let relative = |found: f64, certified: f64| {
        assert!((found / certified - 1.0).abs() < 1e-9, "{found} is not {certified}");
    };
    let certified = [
        (-3482258.63459582, 890420.383607373),
        (15.0618722713733, 84.9149257747669),
        (-0.358191792925910e-1, 0.334910077722432e-1),
        (-2.02022980381683, 0.488399681651699),
        (-1.03322686717359, 0.214274163161675),
        (-0.511041056535807e-1, 0.226073200069370),
        (1829.15146461355, 455.478499142212),
    ];
    let found = linear.intercepts.iter().chain(&linear.coefficients);
    for ((found, error), (value, std_error)) in found.zip(&linear.std_errors).zip(certified) {
        relative(*found, value);
        relative(*error, std_error);
    }
    relative(fitted.metrics["residual_std_error"], 304.854073561965);
    relative(fitted.metrics["training_r2"], 0.995479004577296);
}
