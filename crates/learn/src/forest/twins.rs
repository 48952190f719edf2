//! See [`crate::twins`].

use std::borrow::Cow;

use hedgerow_model::{Bins, Combine, LEAF, MISSING_LEFT, TreeEnsemble};

use super::bar::{BLOCK, fraction, may_exceed, whole_may_exceed};
use super::divide::divide;
use super::ids::{Along, Part, TwoBuffers};
use super::lanes::{
    AllLanes, LANES, Lanes, Weights, equal, equal_scores, gather, next_above, scores, sums_up_to,
    turned, up_to,
};
use super::random::Random;
use super::split::{CODES, codes_seen};
use super::sums::{Counted, Packed, Sums, Weighted};
use crate::twins::{Outputs, Twin, bytes, one_of, rows};

pub(crate) const ALL: &[Twin] = &[
    (c"forest: lanes that hold a code", |random, out| {
        let codes: AllLanes = lanes(random, u8::MAX);
        let [code, from, most] = bytes(random, u8::MAX);
        out.push(equal(&codes, code));
        out.push(equal(&[codes[0]], code));
        out.push(equal(&codes, codes[1][3]));
        out.push(up_to(&codes, from, most));
    }),
    (c"forest: lanes at places", |random, out| {
        let codes: AllLanes = lanes(random, u8::MAX);
        let most = one_of(random, [40, u8::MAX]);
        let places: AllLanes = lanes(random, most);
        out.all(gather(&codes, &places).into_iter().flatten());
        out.all(gather(&codes, &[places[0]]).into_iter().flatten());
    }),
    (c"forest: rows turned into lanes", |random, out| {
        let rows = std::array::from_fn(|_| bytes(random, u8::MAX));
        out.all(turned(&rows).into_iter().flatten());
    }),
    (c"forest: cuts of 16 lanes", cuts::<1>),
    (c"forest: cuts of 32 lanes", cuts::<2>),
    (c"forest: cuts that may be better", |random, out| {
        let sums = |random: &mut Random| {
            let mut sums = Counted::default();
            for _ in 0..random.below(20) {
                let row = Weighted { weight: number(random).abs(), target: number(random) };
                sums.add(Counted::of(row, 0.0));
            }
            sums
        };
        let lefts: [Counted; BLOCK] = std::array::from_fn(|_| sums(random));
        let all = sums(random);
        bars(&lefts, &all, random).for_each(|bar| out.push(may_exceed(bar, &lefts, &all)));
    }),
    (c"forest: cuts of whole weights that may be better", |random, out| {
        let most = one_of(random, [30, 300, 60_000, 100_000]);
        let rows = random.below(most) + 1;
        let second = random.below(rows + 1);
        let packed = |rows: u32, second: u32| {
            Packed(u64::from(rows) | u64::from(second) << Packed::BITS | u64::from(rows) << 42)
        };
        let all = packed(rows, second);
        let lefts: [Packed; BLOCK] = std::array::from_fn(|_| {
            let left = random.below(rows + 1);
            let (least, most) = ((second + left).saturating_sub(rows), left.min(second));
            packed(left, least + random.below(most - least + 1))
        });
        // They may be taken to be a little better than they are, never worse.
        for bar in bars(&lefts, &all, random) {
            let above = |bar: f64| {
                let mut fractions = lefts.iter().map(|left| fraction(left, &all));
                fractions.any(|(squared, both)| squared > bar * both)
            };
            let found = whole_may_exceed(bar, &lefts, &all);
            let beyond = rows >= 1 << 16;
            out.push(above(bar));
            out.push(found || !above(bar));
            out.push(!found || beyond || above(bar * (1.0 - 1e-5)));
        }
    }),
    (c"forest: rows divided", |random, out| {
        let (codes, ids, rule) = rows(random);
        let number = one_of(random, [u32::MAX, Packed::NUMBER]);
        let words = ids.iter().map(|&id| id | (random.bits() & !number)).collect();
        let (all, mut ids) = (Part::all(ids.len()), TwoBuffers::new(words, number));
        let lefts =
            divide(&mut ids, all, (&vec![(); all.len()], &mut vec![(); all.len()]), &codes, &rule);
        out.push(lefts as u32);
        out.all(ids.part(Part { second: true, ..all }).words().iter().copied());
    }),
    (c"forest: rows in small trees", |random, out| {
        let trees = small_trees(random);
        let n = random.below(100) as usize;
        let column = |random: &mut Random| -> Vec<f64> {
            let value = |random: &mut Random| match random.below(10) {
                0 => f64::NAN,
                _ => f64::from(random.below(12)) / 2.0 - 0.5,
            };
            (0..n).map(|_| value(random)).collect()
        };
        let columns: [Vec<f64>; FEATURES] = std::array::from_fn(|_| column(random));
        let columns: Vec<Cow<[f64]>> = columns.iter().map(|column| column.into()).collect();
        trees.predict(&columns, n).into_iter().for_each(|value| out.float(value));
    }),
    (c"forest: codes that are seen", |random, out| {
        let n_codes = random.below(CODES as u32) as usize + 1;
        let kept = random.below(5);
        let mut seen = [0; CODES];
        seen[..n_codes].iter_mut().for_each(|seen| *seen = u8::from(random.below(4) < kept));
        out.all(codes_seen(&seen, n_codes, &mut [0; CODES]).iter().copied());
    }),
];

fn lanes<const R: usize>(random: &mut Random, most: u8) -> [Lanes; R] {
    std::array::from_fn(|_| bytes(random, most))
}

/// All that a search for the best cut does, as it does it: lanes beyond the rows hold nothing.
fn cuts<const R: usize>(random: &mut Random, out: &mut Outputs) {
    let n = random.below((R * LANES) as u32) as usize + 1;
    let most = one_of(random, [1, 7, u8::MAX]);
    let (mut codes, mut both, mut second) =
        (lanes::<R>(random, most), lanes::<R>(random, 7), [[0; LANES]; R]);
    codes.as_flattened_mut()[n..].fill(0);
    both.as_flattened_mut()[n..].fill(0);
    for (second, &both) in second.as_flattened_mut().iter_mut().zip(both.as_flattened()) {
        *second = one_of(random, [both, 0]);
    }
    let sum = |lanes: &[Lanes; R]| lanes.as_flattened().iter().sum();
    let all = Weights { both: sum(&both), second: sum(&second) };
    for from in [0, 1] {
        let sums = sums_up_to(&codes, from, n, &both, &second);
        sums.iter().for_each(|sums| out.all(sums.as_flattened()[..n].iter().copied()));
        let mut by_lane = [[0.0; LANES]; R];
        let score = scores(&sums, n, all, &mut by_lane);
        out.float(score);
        by_lane.as_flattened()[..n].iter().for_each(|&score| out.float(score));
        out.push(equal_scores(&by_lane, n, score) & (u32::MAX >> (32 - n)));
        let [code] = bytes(random, most);
        out.push(next_above(&codes, from, n, code));
    }
}

/// Features of small trees.
const FEATURES: usize = 3;

/// Trees of few leaves, each of which holds one number.
fn small_trees(random: &mut Random) -> TreeEnsemble {
    let bins = Bins::Numeric { edges: (0..5).map(f64::from).collect() };
    let mut trees = TreeEnsemble {
        bins: vec![bins; FEATURES],
        roots: vec![],
        feature: vec![],
        split: vec![],
        child: vec![],
        category_sets: vec![],
        n_outputs: 1,
        values: vec![],
        rows: vec![],
        combine: Combine::Mean,
    };
    for _ in 0..=random.below(3) {
        trees.roots.push(trees.feature.len() as u32);
        grow(&mut trees, 4, random);
    }
    trees
}

/// Adds a tree of at most so many splits below each other.
fn grow(trees: &mut TreeEnsemble, depth: u32, random: &mut Random) {
    let node = trees.feature.len();
    let is_leaf = depth == 0 || random.below(5) == 0;
    let missing_left = one_of(random, [MISSING_LEFT, 0]);
    trees.feature.push(if is_leaf { LEAF } else { random.below(FEATURES as u32) as u16 });
    trees.split.push(if is_leaf { 0 } else { random.below(7) | missing_left });
    trees.child.push(trees.values.len() as u32);
    if is_leaf {
        return trees.values.push(random.uniform());
    }
    grow(trees, depth - 1, random);
    trees.child[node] = trees.feature.len() as u32;
    grow(trees, depth - 1, random);
}

/// A number of any size.
fn number(random: &mut Random) -> f64 {
    let scale = one_of(random, [1.0, 1e-3, 1e9, 1e150, 0.0]);
    (random.uniform() - 0.5) * scale
}

/// Bars at and about the scores of cuts, and at the ends of all there are.
fn bars<S: Sums>(lefts: &[S; BLOCK], all: &S, random: &mut Random) -> impl Iterator<Item = f64> {
    let (squared, both) = fraction(&one_of(random, *lefts), all);
    let score = squared / both;
    let about = score * (0.9 + random.uniform() / 5.0);
    [f64::NEG_INFINITY, 0.0, score, about, f64::INFINITY].into_iter().filter(|bar| !bar.is_nan())
}
