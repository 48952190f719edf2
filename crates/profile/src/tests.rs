use alloc::string::String;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::*;

/// One row: a number and a word.
type Row = (f64, Option<String>);

fn layout(rows: &[Row]) -> Layout {
    layout_of(rows, None)
}

fn layout_of(rows: &[Row], truth: Option<Truth>) -> Layout {
    let mut numbers: Vec<f64> = rows.iter().map(|row| row.0).filter(|n| n.is_finite()).collect();
    numbers.sort_by(f64::total_cmp);
    let mut words: Vec<(&str, u64)> = Vec::new();
    for word in rows.iter().filter_map(|row| row.1.as_deref()) {
        match words.iter_mut().find(|known| known.0 == word) {
            Some(known) => known.1 += 1,
            None => words.push((word, 1)),
        }
    }
    Layout::new(
        alloc::vec![
            Column {
                name: "x".into(),
                role: Role::Feature,
                shape: Shape::Numbers(Bins::of(&numbers))
            },
            Column {
                name: "w".into(),
                role: Role::Feature,
                shape: Shape::Words(Vocabulary::of(&words))
            },
        ],
        truth,
    )
}

fn profile(layout: &Layout, rows: &[Row]) -> Profile {
    let mut profile = Profile::new(layout);
    let numbers: Vec<f64> = rows.iter().map(|row| row.0).collect();
    let words: Vec<&str> = rows.iter().filter_map(|row| row.1.as_deref()).collect();
    let mut next = 0..;
    let codes: Vec<u32> = rows
        .iter()
        .map(|row| if row.1.is_some() { next.next().unwrap_or(u32::MAX) } else { u32::MAX })
        .collect();
    profile.record(layout, 0, Values::Numbers(&numbers));
    profile.record(layout, 1, Values::Words(&codes, &words));
    profile
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -5.0..5.0f64,
        2 => (-3i32..3).prop_map(f64::from),
        1 => any::<f64>(),
        1 => prop_oneof![Just(f64::NAN), Just(f64::INFINITY), Just(-0.0), Just(1e308), Just(-1e308)],
    ]
}

fn rows(most: usize, words: &'static str) -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec((number(), prop::option::of(words)), 0..most)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn profiles_of_parts_add_up_to_that_of_all(
        training in rows(60, "[a-e]"),
        seen in prop::collection::vec((any::<u8>(), (number(), prop::option::of("[a-z]{1,2}|[äß]{40}"))), 0..200),
        n in 1u8..6,
    ) {
        let layout = layout(&training);
        let all: Vec<Row> = seen.iter().map(|row| row.1.clone()).collect();
        let whole = profile(&layout, &all);
        let parts = |order: &mut dyn Iterator<Item = u8>| {
            let mut sum = Profile::new(&layout);
            for part in order {
                let own = seen.iter().filter(|row| row.0 % n == part).map(|row| row.1.clone());
                sum.merge(&profile(&layout, &own.collect::<Vec<_>>())).unwrap();
            }
            sum
        };
        prop_assert_eq!(&parts(&mut (0..n)), &whole);
        prop_assert_eq!(&parts(&mut (0..n).rev()), &whole);
        prop_assert_eq!(whole.to_bytes(), parts(&mut (0..n)).to_bytes());
    }

    #[test]
    fn bytes_come_back(training in rows(300, "[a-z]{1,2}"), seen in rows(50, "[a-z]{1,3}")) {
        let layout = layout(&training);
        let again = Layout::from_bytes(&layout.to_bytes()).unwrap();
        prop_assert_eq!(&again, &layout);
        let profile = profile(&layout, &seen);
        prop_assert_eq!(Profile::from_bytes(&profile.to_bytes(), &again).unwrap(), profile);
    }

    #[test]
    fn any_bytes_are_an_answer(
        training in rows(20, "[a-e]"), at: prop::sample::Index, byte: u8, cut: prop::sample::Index
    ) {
        let layout = layout(&training);
        for whole in [layout.to_bytes(), profile(&layout, &training).to_bytes()] {
            let mut bytes = whole.clone();
            *at.get_mut(&mut bytes) = byte;
            bytes.truncate(cut.index(whole.len()) + 1);
            let other = Layout::from_bytes(&bytes);
            let _ = other.map(|other| profile(&other, &training));
            let read = Profile::from_bytes(&bytes, &layout);
            let _ = read.map(|mut read| read.merge(&profile(&layout, &training)));
        }
    }

    #[test]
    fn moments_are_those_of_the_values(values in prop::collection::vec(-1e3..1e3f64, 2..200)) {
        let mut sorted = values.clone();
        sorted.sort_by(f64::total_cmp);
        let bins = Bins::of(&sorted);
        let mut counts = Numbers::new(&bins);
        values.iter().for_each(|&value| counts.record(&bins, value));
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let std = (values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n).sqrt();
        prop_assert!((counts.mean(&bins).unwrap() - mean).abs() <= 2e-6 * std);
        prop_assert!((counts.std(&bins).unwrap() - std).abs() <= 1e-5 * std);
        prop_assert_eq!(counts.range().unwrap(), (sorted[0] + 0.0, sorted[sorted.len() - 1] + 0.0));
        prop_assert_eq!(counts.count(), values.len() as u64);
    }
}

proptest! {
    #[test]
    fn many_values_count_as_one_by_one(
        training in prop::collection::vec(-1e3..1e3f64, 1..50),
        seen in prop::collection::vec(prop_oneof![number(), Just(-0.0), -1e12..1e12f64], 0..3000),
    ) {
        let mut sorted = training;
        sorted.sort_by(f64::total_cmp);
        let bins = Bins::of(&sorted);
        let (mut all, mut single) = (Numbers::<u64>::new(&bins), Numbers::<u64>::new(&bins));
        all.record_all(&bins, &seen);
        seen.iter().for_each(|&value| single.record(&bins, value));
        prop_assert_eq!(all, single);
    }

    #[test]
    fn a_brief_profile_has_the_bytes_of_another(training in rows(60, "[a-e]"), seen in rows(200, "[a-g]")) {
        let layout = layout(&training);
        let mut brief = Profile::brief(&layout);
        let numbers: Vec<f64> = seen.iter().map(|row| row.0).collect();
        brief.record(&layout, 0, Values::Numbers(&numbers));
        brief.record_words(&layout, 1, seen.iter().map(|row| row.1.as_deref()));
        prop_assert_eq!(brief.to_bytes(), profile(&layout, &seen).to_bytes());
    }
}

#[test]
fn a_profile_of_another_model_is_refused() {
    let one = layout(&[(1.0, None)]);
    let other = layout(&[(2.0, None)]);
    let mut profile = Profile::new(&one);
    assert_eq!(profile.merge(&Profile::new(&other)), Err(Fault::OtherLayout));
    assert_eq!(Profile::from_bytes(&profile.to_bytes(), &other), Err(Fault::OtherLayout));
}

#[test]
fn bins_are_few_and_reach_far() {
    let sorted: Vec<f64> = (0..10_000).map(f64::from).collect();
    let bins = Bins::of(&sorted);
    assert_eq!((bins.edges.len(), bins.is_discrete), (192, false));
    assert!(bins.edges[0] < -100_000.0 && bins.edges[191] > 100_000.0);
    let few = Bins::of(&[0.0, 0.0, 1.0]);
    assert!(few.is_discrete && few.edges.contains(&0.0) && few.edges.contains(&1.0));
    let constant = Bins::of(&[7.0; 5]);
    assert_ne!(constant.place(7.0), constant.place(6.999));
    assert_eq!(Bins::of(&[]).len(), 1);
}

#[test]
fn bins_at_the_ends_have_few_training_values() {
    let sorted: Vec<f64> = (0..50_000).map(f64::from).collect();
    let bins = Bins::of(&sorted);
    let least = |from: usize| sorted.iter().filter(|&&value| bins.place(value) == from).count();
    let ends = [bins.place(0.0), bins.place(49_999.0) - 1].map(least);
    assert!(ends.iter().all(|&values| (1..20).contains(&values)), "{ends:?}");
}

#[test]
fn what_lies_between_few_values_is_none_of_them() {
    let bins = Bins::of(&[0.0, 1.0, 3.0]);
    let places = [0.0, 0.3, 1.0, 2.0, 3.0, 3.1].map(|value| bins.place(value));
    assert!(places.windows(2).all(|pair| pair[0] < pair[1]), "{places:?}");
    let most: Vec<f64> = (0..88).map(f64::from).collect();
    assert_eq!(Bins::of(&most).edges.len(), 192);
}

#[test]
fn what_lies_in_the_widest_gaps_of_more_values_is_none_of_them() {
    // Every 34th gap is twice as wide.
    let values: Vec<f64> = (0..170).map(|i| f64::from(i + i / 34)).collect();
    let bins = Bins::of(&values);
    assert_eq!((bins.edges.len(), bins.is_discrete), (192, true));
    let own = |value: f64| bins.place(value) != bins.place(libm::floor(value));
    assert!([33.5, 68.5, 103.5, 138.5, 173.5].into_iter().all(own));
    assert!(![1.5, 32.5, 35.5, 172.5].into_iter().any(own));
}

#[test]
fn bins_of_the_smallest_ranges_can_be_read_again() {
    for sorted in [
        [0.0, 1e-320],
        [1.0, 1.0f64.next_up()],
        [1e300, 1e300f64.next_up()],
        [-5e-324, 0.0],
        [f64::MIN, f64::MAX],
    ] {
        let shape = Shape::Numbers(Bins::of(&sorted));
        let column = Column { name: "x".into(), role: Role::Feature, shape };
        let layout = Layout::new(alloc::vec![column], None);
        assert_eq!(Layout::from_bytes(&layout.to_bytes()), Ok(layout), "{sorted:?}");
    }
}

#[test]
fn counts_stop_at_their_end() {
    let layout = layout(&[(1.0, None)]);
    let mut profile = Profile::new(&layout);
    for column in [0, 1] {
        profile.record(&layout, column, Values::Missing(u64::MAX));
        profile.record(&layout, column, Values::Missing(1));
    }
    profile.record(&layout, 0, Values::Numbers(&[f64::NAN]));
    profile.record(&layout, 1, Values::Words(&[9], &[]));
    assert!(profile.columns().iter().all(|column| column.missing() == u64::MAX));
}

#[test]
fn a_table_that_begins_like_a_profile_is_none() {
    assert!(Profile::is_begun_by(&Profile::new(&layout(&[])).to_bytes()));
    for text in ["HGP", "HGP\n1\n", "HGP\tx\n", "HGP_score,x\n", "x,HGP\n"] {
        assert!(!Profile::is_begun_by(text.as_bytes()), "{text}");
    }
}

#[test]
fn rare_known_words_are_counted_together_and_new_ones_by_name() {
    let known: Vec<String> = (0..400).map(|i| std::format!("k{i}")).collect();
    let known: Vec<(&str, u64)> = known.iter().map(|word| (word.as_str(), 1)).collect();
    let known = Vocabulary::of(&known);
    let mut counts = Words::new(&known);
    for i in 0..1_000 {
        counts.record(&known, Some(&std::format!("k{i}")));
    }
    counts.record(&known, None);
    assert_eq!((counts.counts.iter().sum::<u64>(), counts.rest, counts.new), (255, 145, 600));
    assert_eq!((counts.missing, counts.new_words.len(), counts.count()), (1, MOST_NEW, 1_000));
}
