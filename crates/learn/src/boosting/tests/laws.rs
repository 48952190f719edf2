//! Laws: what changes nothing, and what always holds.

use hedgerow_model::{Bins, LEAF};
use proptest::prelude::*;

use super::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn the_order_of_rows_does_not_matter(seed in 0..1_000u64) {
        // 256 rows with short fractions: their mean has the same bits in any order.
        let data = mixed(256, seed);
        let order: Vec<usize> = (0..256).map(|row| row * 37 % 256).collect();
        let straight = data.fit(&small()).trees;
        prop_assert_eq!(straight, data.take(&order).fit(&small()).trees);
    }

    #[test]
    fn a_weight_is_a_number_of_repetitions(seed in 0..1_000u64) {
        let data = mixed(200, seed);
        let params = GradientBoosting { min_samples_leaf: 1, cat_smooth: 0.0, ..small() };
        let times = |row: usize| 2 + 2 * (row % 2);
        let repeated: Vec<usize> =
            (0..200).flat_map(|row| std::iter::repeat_n(row, times(row))).collect();
        let weights = Some((0..200).map(|row| times(row) as f64).collect());
        // Without the category: of it, rows are counted.
        let two = |data: Data| Data { columns: data.columns[..2].to_vec(), ..data };
        let repeated = two(data.take(&repeated)).fit(&params);
        let data = two(Data { weights, ..data });
        let weighted = data.fit_predict(&params);
        for (a, b) in weighted.iter().zip(data.predict(&repeated)) {
            prop_assert!((a - b).abs() < 1e-5, "{} {}", a, b);
        }
    }

    #[test]
    fn a_growing_function_of_a_feature_changes_nothing(seed in 0..1_000u64) {
        let data = mixed(250, seed);
        let mut bent = data.clone();
        bent.columns[1].1.iter_mut().for_each(|value| *value = libm::exp(9.0 * *value) - 3.0);
        prop_assert_eq!(data.fit_predict(&small()), bent.fit_predict(&small()));
    }

    #[test]
    fn constraints_hold_for_all_rows(seed in 0..1_000u64, two_classes in any::<bool>()) {
        let mut next = noise(seed);
        let mut columns = vec![("up", vec![]), ("down", vec![]), ("free", vec![])];
        let mut target = vec![];
        for _ in 0..400 {
            let [up, down, free] = [next(), next(), next()];
            // Against the constraints as often as with them.
            target.push(libm::sin(up * 9.0) - libm::cos(down * 7.0) + libm::sin(free * 5.0) + next());
            columns.iter_mut().zip([up, down, free]).for_each(|(c, value)| c.1.push(value));
        }
        let data = Data::new(columns, Target::Values(target));
        let data = if two_classes { classes(data, &[0.5]) } else { data };
        let monotone_constraints =
            [("up".to_owned(), 1), ("down".to_owned(), -1)].into_iter().collect();
        let fitted = data.fit(&GradientBoosting {
            monotone_constraints,
            min_samples_leaf: 5,
            num_leaves: 16,
            ..small()
        });
        for _ in 0..50 {
            let [up, down, free] = [next(), next(), next()];
            let grid: Vec<f64> = (0..=40).map(|at| f64::from(at) / 40.0).collect();
            let constant = |value: f64| vec![value; grid.len()];
            for (rows, sign) in [
                ([grid.clone(), constant(down), constant(free)], 1.0),
                ([constant(up), grid.clone(), constant(free)], -1.0),
            ] {
                let rows: Vec<Cow<[f64]>> = rows.iter().map(|c| Cow::Borrowed(&c[..])).collect();
                let outputs = fitted.trees.predict(&rows, grid.len());
                let last: Vec<f64> =
                    outputs.chunks(outputs.len() / grid.len()).map(|row| row[row.len() - 1]).collect();
                prop_assert!(last.windows(2).all(|pair| sign * (pair[1] - pair[0]) >= -1e-12));
            }
        }
    }

    #[test]
    fn leaves_have_their_rows_also_where_hessians_differ(seed in 0..1_000u64) {
        let data = classes(mixed(600, seed), &[8.0]);
        let params = GradientBoosting { min_samples_leaf: 15, learning_rate: 1.0, ..small() };
        let trees = data.fit(&params).trees;
        let binned = data.binned();
        let mut counts = vec![0; trees.values.len()];
        for row in 0..600 {
            let codes: Vec<u16> =
                (0..4).map(|feature| u16::from(binned.codes(feature)[row])).collect();
            trees.roots.iter().for_each(|&root| counts[trees.leaf(root, |feature| codes[usize::from(feature)]) as usize] += 1);
        }
        prop_assert!(counts.iter().all(|&count| count >= 15), "{:?}", counts);
    }
}

#[test]
fn trees_are_the_same_in_any_number_of_steps_and_with_little_memory() {
    for data in [mixed(500, 5), classes(mixed(500, 6), &[6.0, 9.0])] {
        let params = GradientBoosting { num_leaves: 40, min_samples_leaf: 5, ..small() };
        let mut boosting = data.begin(&params).unwrap();
        boosting.histogram_bytes = 0;
        let mut steps = 0;
        while !boosting.ended() {
            boosting.advance(1);
            steps += 1;
        }
        assert!(steps > 500, "{steps}");
        assert_eq!(boosting.finish(), data.fit(&params));
    }
}

#[test]
fn missing_values_go_where_they_lower_the_loss() {
    let mut next = noise(3);
    let x: Vec<f64> = (0..400).map(|row| if row % 4 == 0 { f64::NAN } else { next() }).collect();
    for (missing, few, many) in [(7.0, 1.0, 7.0), (1.0, 1.0, 7.0), (20.0, 1.0, 1.0)] {
        let y = x.iter().map(|&x| match x {
            x if x.is_nan() => missing,
            x if x > 0.5 => many,
            _ => few,
        });
        let data = Data::new(vec![("x", x.clone())], Target::Values(y.collect()));
        let params = GradientBoosting { learning_rate: 1.0, n_estimators: 3, ..small() };
        for (predicted, truth) in data.fit_predict(&params).iter().zip(numbers(&data)) {
            assert!((predicted - truth).abs() < 1e-3, "{predicted} {truth}");
        }
    }
}

#[test]
fn categories_are_split_many_against_many() {
    let mut next = noise(9);
    let category: Vec<f64> = (0..6_000).map(|_| (next() * 40.0).floor()).collect();
    let y: Vec<f64> = category.iter().map(|&c| f64::from(u8::from(c * 7.0 % 5.0 < 2.0))).collect();
    let data = Data::new(vec![("c", category)], Target::Values(y));
    let fitted = data.fit(&GradientBoosting { num_leaves: 2, n_estimators: 1, ..small() });
    assert_eq!(fitted.trees.bins, [Bins::Categorical { n: 40 }]);
    // One split tells all of them apart.
    let outputs = data.predict(&fitted);
    for (output, truth) in outputs.iter().zip(numbers(&data)) {
        assert!((output - 0.4).signum() == (truth - 0.5).signum(), "{output} {truth}");
    }
}

#[test]
fn samples_of_rows_and_features_are_the_seeds_and_learn_too() {
    let data = mixed(800, 8);
    let params = GradientBoosting { subsample: 0.5, colsample: 0.5, ..small() };
    let fitted = data.fit(&params);
    assert_eq!(fitted, data.fit(&params));
    let used = |tree: usize| {
        let nodes = fitted.trees.roots[tree] as usize..fitted.trees.roots[tree + 1] as usize;
        let mut used: Vec<u16> = fitted.trees.feature[nodes].to_vec();
        used.retain(|&feature| feature != LEAF);
        used.sort_unstable();
        used.dedup();
        used
    };
    assert!((0..19).all(|tree| used(tree).len() <= 2));
    let (first, last) = (fitted.losses[0], fitted.losses[19]);
    assert!(last < 0.5 * first, "{first} {last}");
}
