//! What holds of every linear learner, whatever the rows.

use proptest::prelude::*;

use super::*;

fn learners(of_numbers: bool) -> Vec<Learner> {
    if of_numbers {
        let net = ElasticNet { alpha: 0.05, tol: 1e-12, ..ElasticNet::default() };
        vec![LinearRegression::default().into(), Ridge { alpha: 0.5 }.into(), net.into()]
    } else {
        vec![LogisticRegression { tol: 1e-11, ..LogisticRegression::default() }.into()]
    }
}

/// Some rows of numbers, of two classes and of three, which differ enough to determine everything.
fn some_rows() -> impl Strategy<Value = Rows> {
    let row = (prop::collection::vec(-3.0..3.0f64, 3), -1.0..1.0f64);
    (prop::collection::vec(row, 20..300), 0..3usize).prop_map(|(rows, kind)| {
        let (x, noise): (Vec<Vec<f64>>, Vec<f64>) = rows.into_iter().unzip();
        let y = x.iter().zip(noise).map(|(x, noise)| 1.0 + x[0] - 2.0 * x[1] + noise);
        let class = |y: f64| (y > -1.0) as u32 + if kind == 2 { (y > 2.0) as u32 } else { 0 };
        match kind {
            0 => Rows::numbers(x.clone(), y.collect()),
            _ => Rows::classes(x.clone(), y.map(class).collect(), kind + 1),
        }
    })
}

fn learners_of(rows: &Rows) -> Vec<Learner> {
    learners(matches!(rows.target, Target::Values(_)))
}

fn assert_same(a: &Linear, b: &Linear, tolerance: f64) {
    assert_close(&a.coefficients, &b.coefficients, tolerance);
    assert_close(&a.intercepts, &b.intercepts, tolerance);
    assert_close(&a.std_errors, &b.std_errors, tolerance);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_order_of_rows_does_not_matter(rows in some_rows(), by in 1..19usize) {
        let n = rows.x.len();
        let turned: Vec<usize> = (0..n).rev().map(|row| (row + by) % n).collect();
        for learner in learners_of(&rows) {
            assert_same(&linear(learner.clone(), &rows), &linear(learner, &rows.at(&turned)), 1e-6);
        }
    }

    #[test]
    fn a_weight_counts_as_so_many_rows(rows in some_rows(), seed in 0..100usize) {
        let n = rows.x.len();
        let counts: Vec<usize> = (0..n).map(|row| (row * 7 + seed) % 4).collect();
        let repeated: Vec<usize> =
            (0..n).flat_map(|row| std::iter::repeat_n(row, counts[row])).collect();
        let weighted = rows.clone().weighted(counts.iter().map(|&count| count as f64).collect());
        for learner in learners_of(&rows) {
            let (a, b) = (linear(learner.clone(), &weighted), linear(learner, &rows.at(&repeated)));
            assert_same(&a, &b, 1e-6);
        }
    }

    #[test]
    fn least_squares_follows_the_scales(rows in some_rows(), power in -300..300i32) {
        let rows = Rows { target: Target::Values(rows.y()), ..rows };
        let plain = linear(LinearRegression::default(), &rows);
        let factor = libm::ldexp(1.0, power);
        let mut scaled = rows;
        scaled.x.iter_mut().for_each(|row| row[1] *= factor);
        let scaled = linear(LinearRegression::default(), &scaled);
        prop_assert_eq!(scaled.coefficients[1] * factor, plain.coefficients[1]);
        prop_assert_eq!(scaled.std_errors[2] * factor, plain.std_errors[2]);
        prop_assert_eq!(scaled.coefficients[0], plain.coefficients[0]);
    }
}
