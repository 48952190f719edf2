//! Against linfa's own learners.

use linfa::DatasetBase;
use linfa::traits::Fit;
use ndarray::Array1;

use super::*;

/// Rows of three centred, unlike features.
fn rows(n: usize) -> Vec<Vec<f64>> {
    let cell = |row: usize, factor: usize, modulus: usize| {
        ((row * factor) % modulus) as f64 / modulus as f64 - 0.5
    };
    let raw: Vec<Vec<f64>> =
        (0..n).map(|row| vec![cell(row, 37, 101), cell(row, 53, 97), cell(row, 11, 89)]).collect();
    let mean = |feature: usize| raw.iter().map(|row| row[feature]).sum::<f64>() / n as f64;
    let means = [mean(0), mean(1), mean(2)];
    raw.iter()
        .map(|row| row.iter().zip(means).map(|(value, mean)| value - mean).collect())
        .collect()
}

fn numbers(n: usize) -> Rows {
    let x = rows(n);
    let noise = |row: usize| ((row * 29) % 31) as f64 / 31.0;
    let y = x.iter().enumerate().map(|(at, row)| 3.0 + 2.0 * row[0] - row[1] + noise(at)).collect();
    Rows::numbers(x, y)
}

fn dataset(rows: &Rows) -> DatasetBase<Array2<f64>, Array1<f64>> {
    DatasetBase::new(rows.matrix(), Array1::from(rows.y()))
}

#[test]
fn least_squares_is_linfas() {
    let rows = numbers(700);
    let linfa = linfa_linear::LinearRegression::new().fit(&dataset(&rows)).unwrap();
    let own = linear(LinearRegression::default(), &rows);
    assert_close(&own.coefficients, linfa.params().as_slice().unwrap(), 1e-12);
    assert_close(&own.intercepts, &[linfa.intercept()], 1e-12);
}

#[test]
fn elastic_net_is_linfas() {
    let rows = numbers(700);
    let params = linfa_elasticnet::ElasticNet::params().penalty(0.02).l1_ratio(0.3);
    let linfa = params.tolerance(1e-12).max_iterations(10_000).fit(&dataset(&rows)).unwrap();
    let params = ElasticNet { alpha: 0.02, l1_ratio: 0.3, tol: 1e-12, max_iter: 10_000 };
    let own = linear(params, &rows);
    assert_close(&own.coefficients, linfa.hyperplane().as_slice().unwrap(), 1e-7);
    assert_close(&own.intercepts, &[linfa.intercept()], 1e-7);
}

/// linfa's `alpha` is for the sum over the rows, as `1 / c` is.
#[test]
fn logistic_regression_is_linfas() {
    let numbers = numbers(400);
    let y = numbers.y();
    let codes: Vec<u32> = y.iter().map(|&y| u32::from(y > 3.5)).collect();
    let rows = Rows::classes(numbers.x, codes.clone(), 2);
    let data = DatasetBase::new(rows.matrix(), Array1::from(codes));
    let params = linfa_logistic::LogisticRegression::default().alpha(0.5).max_iterations(1_000);
    let linfa = params.gradient_tolerance(1e-8).fit(&data).unwrap();
    let own = LogisticRegression { c: 2.0, tol: 1e-10, ..LogisticRegression::default() };
    let own = linear(own, &rows);
    assert_eq!(linfa.labels().pos.class, 1);
    assert_close(&own.coefficients, linfa.params().as_slice().unwrap(), 1e-5);
    assert_close(&own.intercepts, &[linfa.intercept()], 1e-5);
}
