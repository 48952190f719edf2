//! The loss of a network's scores, and its gradient.

use hedgerow_model::mlp::exp;

use super::examples::{Examples, Labels};

/// The loss of some rows, summed with their weights. `scores` is the panel of the last layer; into
/// `gradients` goes the derivative by each score, and 0 behind the last row.
pub(super) fn loss_and_gradients(
    examples: &Examples,
    rows: &[u32],
    stride: usize,
    scores: &mut [f32],
    gradients: &mut [f32],
) -> f64 {
    gradients.fill(0.0);
    let loss = match &examples.target {
        Labels::Classes { codes, n: 2 } => logistic(codes, examples, rows, scores, gradients),
        Labels::Classes { codes, n } => {
            softmax_panel(scores, stride, rows.len(), *n);
            cross_entropy(codes, examples, rows, stride, scores, gradients)
        }
        Labels::Values { values, .. } => squared_error(values, examples, rows, scores, gradients),
    };
    if !examples.weights.is_empty() {
        for gradients in gradients.chunks_exact_mut(stride) {
            let pairs = gradients.iter_mut().zip(rows);
            pairs.for_each(|(gradient, &row)| *gradient *= examples.weight(row));
        }
    }
    loss
}

#[inline(never)]
fn logistic(
    codes: &[u32],
    examples: &Examples,
    rows: &[u32],
    scores: &[f32],
    gradients: &mut [f32],
) -> f64 {
    let mut loss = 0.0;
    for ((&row, &score), gradient) in rows.iter().zip(scores).zip(gradients) {
        let class = codes[row as usize] as f32;
        *gradient = 1.0 / (1.0 + exp(-score)) - class;
        // log(1 + e^s) - class * s, without overflow.
        let most = if score > 0.0 { score } else { 0.0 };
        let log = libm::log1p(f64::from(exp(-score.abs())));
        let own = f64::from(most) - f64::from(class * score) + log;
        loss += own * f64::from(examples.weight(row));
    }
    loss
}

/// Scores to shares that sum to 1, column by column; the largest score is taken away first.
fn softmax_panel(scores: &mut [f32], stride: usize, columns: usize, classes: usize) {
    for column in 0..columns {
        let of = |class: usize| class * stride + column;
        let most = (0..classes).map(|class| scores[of(class)]).fold(f32::NEG_INFINITY, f32::max);
        let mut sum = 0.0;
        for class in 0..classes {
            scores[of(class)] = exp(scores[of(class)] - most);
            sum += scores[of(class)];
        }
        (0..classes).for_each(|class| scores[of(class)] /= sum);
    }
}

#[inline(never)]
fn cross_entropy(
    codes: &[u32],
    examples: &Examples,
    rows: &[u32],
    stride: usize,
    shares: &[f32],
    gradients: &mut [f32],
) -> f64 {
    let pairs = gradients.chunks_exact_mut(stride).zip(shares.chunks_exact(stride));
    pairs.for_each(|(own, shares)| own[..rows.len()].copy_from_slice(&shares[..rows.len()]));
    let mut loss = 0.0;
    for (column, &row) in rows.iter().enumerate() {
        let own = codes[row as usize] as usize * stride + column;
        gradients[own] -= 1.0;
        // A share is at least e^-87 of the sum before it is divided: its logarithm is finite.
        loss -= libm::log(f64::from(shares[own])) * f64::from(examples.weight(row));
    }
    loss
}

#[inline(never)]
fn squared_error(
    values: &[f32],
    examples: &Examples,
    rows: &[u32],
    scores: &[f32],
    gradients: &mut [f32],
) -> f64 {
    let mut loss = 0.0;
    for ((&row, &score), gradient) in rows.iter().zip(scores).zip(gradients) {
        *gradient = score - values[row as usize];
        loss += 0.5 * f64::from(*gradient * *gradient) * f64::from(examples.weight(row));
    }
    loss
}
