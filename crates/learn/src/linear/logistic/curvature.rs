//! What the loss's curvature is like before anything is learned.

use super::super::kernels::{add_scaled, dot};
use super::lbfgs::Precondition;
use super::problem::Problem;

/// Features at most for which all covariances are used.
const MAX_FEATURES: usize = 200;
/// Numbers that all factors together have at most.
const MAX_CELLS: usize = 1 << 21;
/// Rows looked at: so many a feature, and at least that many.
const ROWS_A_FEATURE: usize = 32;
const MIN_ROWS: usize = 4_096;
/// What is added to a diagonal, as a part of it, so that collinear features can be factored.
const JITTER: f64 = 1e-8;

/// The inverse curvature of the loss where every row gets the shares of the classes in training:
/// there, a class's block is `share * (1 - share)` times the moments of the features, plus the
/// penalty. With it the first step of two classes is Newton's.
///
/// Any approximation leads to the same minimum, so an even sample of the rows is enough.
pub(super) enum Curvature {
    /// One Cholesky factor a score, row-major, intercept first.
    Factors { width: usize, factors: Vec<Vec<f64>> },
    /// As the parameters.
    Diagonal(Vec<f64>),
}

impl Curvature {
    /// For classes with these shares of the rows; one a score.
    pub fn new(problem: &Problem, shares: &[f64]) -> Self {
        let width = problem.n_features + 1;
        let curvatures: Vec<f64> = shares.iter().map(|share| share * (1.0 - share)).collect();
        if width <= MAX_FEATURES && width * width * shares.len() <= MAX_CELLS {
            let moments = moments(problem);
            let factor = |&curvature: &f64| factor(&moments, width, curvature, problem.penalty);
            if let Some(factors) = curvatures.iter().map(factor).collect() {
                return Self::Factors { width, factors };
            }
        }
        Self::Diagonal(diagonal(problem, &curvatures))
    }
}

impl Precondition for Curvature {
    fn apply(&self, direction: &mut [f64]) {
        match self {
            Self::Diagonal(diagonal) => {
                direction.iter_mut().zip(diagonal).for_each(|(slope, cell)| *slope /= cell);
            }
            Self::Factors { width, factors } => {
                let (k, p) = (factors.len(), width - 1);
                let mut own = vec![0.0; *width];
                for (score, factor) in factors.iter().enumerate() {
                    own[0] = direction[p * k + score];
                    let cells = direction.iter().skip(score).step_by(k);
                    own[1..].iter_mut().zip(cells).for_each(|(own, cell)| *own = *cell);
                    solve(factor, &mut own);
                    direction[p * k + score] = own[0];
                    let cells = direction.iter_mut().skip(score).step_by(k);
                    own[1..].iter().zip(cells).for_each(|(own, cell)| *cell = *own);
                }
            }
        }
    }
}

/// Second moments of `(1, features)` over a sample of rows: lower triangle, row-major.
fn moments(problem: &Problem) -> Vec<f64> {
    let (p, width) = (problem.n_features, problem.n_features + 1);
    let wanted = (ROWS_A_FEATURE * width).max(MIN_ROWS).min(problem.rows());
    let (mut sums, mut total) = (vec![0.0; width * width], 0.0);
    let mut row = vec![1.0; width];
    for index in 0..wanted {
        let at = (index as u64 * problem.rows() as u64 / wanted as u64) as usize;
        let weight = problem.weight(at);
        row[1..].copy_from_slice(&problem.x[at * p..(at + 1) * p]);
        add_outer(&mut sums, &row, weight);
        total += weight;
    }
    if total > 0.0 {
        sums.iter_mut().for_each(|sum| *sum /= total);
    }
    sums
}

#[inline(never)]
fn add_outer(sums: &mut [f64], row: &[f64], weight: f64) {
    for (at, (value, sums)) in row.iter().zip(sums.chunks_exact_mut(row.len())).enumerate() {
        add_scaled(&mut sums[..=at], weight * value, row);
    }
}

/// The Cholesky factor of `curvature * moments + penalty`; `None` where it has none.
fn factor(moments: &[f64], width: usize, curvature: f64, penalty: f64) -> Option<Vec<f64>> {
    let mut l: Vec<f64> = moments.iter().map(|moment| moment * curvature).collect();
    for row in 0..width {
        let at = row * width;
        l[at + row] = l[at + row] * (1.0 + JITTER) + if row > 0 { penalty } else { 0.0 };
        let (done, own) = l.split_at_mut(at);
        for column in 0..row {
            let above = &done[column * width..][..=column];
            let rest = own[column] - dot(&own[..column], &above[..column]);
            own[column] = rest / above[column];
        }
        let rest = own[row] - dot(&own[..row], &own[..row]);
        if !(rest > 0.0 && rest.is_finite()) {
            return None;
        }
        own[row] = rest.sqrt();
    }
    Some(l)
}

/// Solves `L L' x = b` in place.
fn solve(factor: &[f64], b: &mut [f64]) {
    let width = b.len();
    for row in 0..width {
        let cells = &factor[row * width..=row * width + row];
        b[row] = (b[row] - dot(&cells[..row], &b[..row])) / cells[row];
    }
    for row in (0..width).rev() {
        let cells = &factor[row * width..=row * width + row];
        let value = b[row] / cells[row];
        b[row] = value;
        add_scaled(&mut b[..row], -value, &cells[..row]);
    }
}

fn diagonal(problem: &Problem, curvatures: &[f64]) -> Vec<f64> {
    let of_features = problem.deviations.iter().flat_map(|deviation| {
        curvatures.iter().map(move |curvature| curvature * deviation * deviation)
    });
    let penalised = of_features.map(|curvature| curvature + problem.penalty);
    // Of a feature that does not vary and is hardly penalised: any number will do.
    let positive = |curvature: f64| if curvature > 0.0 { curvature } else { 1.0 };
    penalised.chain(curvatures.iter().copied()).map(positive).collect()
}
