//! See [`crate::twins`].

use super::four::Four;
use super::logistic::logistic;
use super::loss::{Block, Tally};
use super::members::Members;
use super::pairs::{Pair, Quanta};
use super::two::Two;
use crate::forest::Random;
use crate::twins::{Twin, one_of, rows};

/// A number added to it stands in its lower bits.
const TO_INTEGER: f64 = 12_582_912.0;

pub(crate) const ALL: &[Twin] = &[
    (c"boosting: two numbers", |random, out| {
        let [a, b] = [[(); 2]; 2].map(|pair| Two::new(pair.map(|()| number(random))));
        let results = [
            a.add(b),
            a.sub(b),
            a.mul(b),
            a.at_most(b),
            a.at_least(b),
            Two::all(a.get()[0]),
            a.with_bits_added(random.draw()),
            a.with_bits_left(random.below(64)),
        ];
        results.iter().flat_map(|two| two.get()).for_each(|value| out.float(value));
        let [a, b] = [a, b].map(|two| Two::new(two.get().map(finite)));
        out.all(a.pairs(b));
    }),
    (c"boosting: four numbers", |random, out| {
        let [a, b, c] = [[(); 4]; 3].map(|four| Four::near(four.map(|()| number(random))));
        let exponents = [(); 4].map(|()| f64::from(random.below(254)) - 126.0 + TO_INTEGER);
        let results = [
            a,
            a.add(b),
            a.sub(b),
            a.mul(b),
            a.div(b),
            a.abs(),
            a.at_most(b),
            a.at_least(b),
            a.where_negative(c, b),
            Four::near(exponents).power_of_two(),
            Four::all(a.get()[0]),
        ];
        results.iter().flat_map(|four| four.get()).for_each(|value| out.float(value.into()));
        let [a, b] = [a, b].map(|four| Four::near(four.get().map(f64::from).map(finite)));
        out.all(a.pairs(b));
    }),
    (c"boosting: pairs in quanta", |random, out| {
        let most = one_of(random, [20, 50, 10_000]);
        let n = random.below(most) as usize;
        let scale = one_of(random, [1e-30, 1.0, 1e30]);
        let mut next = || (random.uniform() - 0.5) * scale;
        let mut pairs: Vec<Pair> = (0..n.div_ceil(2))
            .flat_map(|_| Two::new([next(), next()]).pairs(Two::new([next().abs(), next().abs()])))
            .collect();
        pairs.truncate(n);
        let quanta = Quanta::new(n, n as f64 * scale, n as f64 * scale);
        out.push(quanta.round(&mut pairs));
        out.all(pairs);
    }),
    (c"boosting: gradients of two classes", |random, out| {
        let most = one_of(random, [20, 20, 1_000]);
        let n = random.below(most) as usize;
        let scores: Vec<f64> = (0..n).map(|_| finite(number(random))).collect();
        let targets: Vec<f64> = (0..n).map(|_| f64::from(random.below(2))).collect();
        let weights: Vec<f64> = (0..n).map(|_| random.uniform() * 3.0).collect();
        let block = Block { scores: &scores, targets: &targets, weights: &weights };
        let (mut pairs, mut tally) = (vec![0; n], Tally::default());
        logistic(block, &mut pairs, &mut tally);
        out.all(pairs);
        let sums = [tally.gradients(), tally.hessians(), tally.losses()];
        sums.into_iter().for_each(|sum| out.float(sum));
    }),
    (c"boosting: rows divided", |random, out| {
        let (codes, ids, rule) = rows(random);
        if ids.is_empty() {
            return;
        }
        let mut members = Members::default();
        members.copy(&Members::new(ids));
        let end = members.all().len();
        let start = random.below(end as u32) as usize;
        out.push(members.partition(start, end, &codes, &rule) as u32);
        out.all(members.all().iter().copied());
    }),
];

/// Any bits, or a number of usual size, or one that is special.
fn number(random: &mut Random) -> f64 {
    match random.below(4) {
        0 => f64::from_bits(random.draw()),
        1 => one_of(
            random,
            [0.0, -0.0, 1e-310, f64::MAX, f64::INFINITY, f64::NEG_INFINITY, f64::NAN],
        ),
        _ => (random.uniform() - 0.5) * 100.0,
    }
}

/// Of what is no number, the bits are not laid down.
fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { 1.0 }
}
