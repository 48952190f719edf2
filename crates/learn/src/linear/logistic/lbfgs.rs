//! L-BFGS, asked for points and told loss and gradient.

use super::super::kernels::{add_scaled, dot};

/// Steps that are remembered.
const MEMORY: usize = 10;
/// The part of the promised decrease that a step must bring.
const ARMIJO: f64 = 1e-4;
/// Rounding of a loss: a difference no larger than this part of it means nothing.
const ROUNDING: f64 = 1e-14;
/// Times a step is shortened before it is given up.
const MAX_SHORTENINGS: usize = 40;

/// An approximate inverse of the curvature.
pub(super) trait Precondition {
    /// Multiplies `direction` with it.
    fn apply(&self, direction: &mut [f64]);
}

/// How a descent stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    /// Loss and gradient at [`Lbfgs::point`] are wanted.
    Wanted,
    /// The gradient is small enough.
    Converged,
    /// As many iterations as allowed were done, or no step brings anything any more.
    Stopped,
}

struct Update {
    step: Vec<f64>,
    /// What the step changed the gradient by.
    change: Vec<f64>,
    /// `1 / (step * change)`.
    rho: f64,
}

/// Limited-memory BFGS (J. Nocedal and S. J. Wright, "Numerical Optimization", 2nd edition,
/// algorithm 7.4) with a preconditioner for the initial curvature, and backtracking.
pub(super) struct Lbfgs {
    tol: f64,
    max_iter: usize,
    status: Status,
    /// The best point, with its loss and gradient.
    best: Vec<f64>,
    loss: f64,
    gradient: Vec<f64>,
    direction: Vec<f64>,
    /// `gradient * direction`, below 0.
    slope: f64,
    length: f64,
    shortenings: usize,
    point: Vec<f64>,
    memory: Vec<Update>,
    /// The loss after each iteration, the start's first.
    losses: Vec<f64>,
}

impl Lbfgs {
    /// Starts at `point`; converged once no slope is steeper than `tol`.
    pub fn new(point: Vec<f64>, tol: f64, max_iter: usize) -> Self {
        Self {
            tol,
            max_iter,
            status: Status::Wanted,
            best: point.clone(),
            loss: f64::INFINITY,
            gradient: Vec::new(),
            direction: Vec::new(),
            slope: 0.0,
            length: 1.0,
            shortenings: 0,
            point,
            memory: Vec::new(),
            losses: Vec::new(),
        }
    }

    pub fn status(&self) -> Status {
        self.status
    }

    /// Where loss and gradient are wanted.
    pub fn point(&self) -> &[f64] {
        &self.point
    }

    /// The best point so far.
    pub fn best(&self) -> &[f64] {
        &self.best
    }

    pub fn losses(&self) -> &[f64] {
        &self.losses
    }

    /// Iterations done.
    pub fn n_iter(&self) -> usize {
        self.losses.len().saturating_sub(1)
    }

    /// Takes loss and gradient at [`point`](Self::point) and chooses the next.
    pub fn tell(&mut self, loss: f64, gradient: Vec<f64>, precondition: &dyn Precondition) {
        if !self.losses.is_empty() {
            let promised = ARMIJO * self.length * self.slope;
            let is_enough = loss <= self.loss + promised + ROUNDING * self.loss.abs();
            // Also where the loss is not a number.
            if !is_enough {
                return self.shorten(loss);
            }
            self.remember(&gradient);
        }
        self.best.clone_from(&self.point);
        (self.loss, self.gradient) = (loss, gradient);
        self.losses.push(loss);
        if self.gradient.iter().all(|slope| slope.abs() <= self.tol) {
            self.status = Status::Converged;
        } else if self.n_iter() >= self.max_iter || !loss.is_finite() {
            self.status = Status::Stopped;
        } else {
            self.choose_direction(precondition);
        }
    }

    /// Tries a shorter step in the same direction: where a parabola would have its minimum.
    fn shorten(&mut self, loss: f64) {
        self.shortenings += 1;
        if self.shortenings > MAX_SHORTENINGS {
            self.status = Status::Stopped;
            return;
        }
        let excess = loss - self.loss - self.slope * self.length;
        let minimum = -self.slope * self.length / (2.0 * excess);
        let part = if minimum > 0.0 { minimum.clamp(0.1, 0.5) } else { 0.1 };
        self.go(self.length * part);
    }

    fn go(&mut self, length: f64) {
        self.length = length;
        self.point.clone_from(&self.best);
        add_scaled(&mut self.point, length, &self.direction);
    }

    fn remember(&mut self, gradient: &[f64]) {
        let step = difference(&self.point, &self.best);
        let change = difference(gradient, &self.gradient);
        let along = dot(&step, &change);
        // Where rounding hides the curvature there is nothing to learn from it.
        if along <= f64::EPSILON * dot(&change, &change) {
            return;
        }
        if self.memory.len() == MEMORY {
            self.memory.remove(0);
        }
        self.memory.push(Update { step, change, rho: 1.0 / along });
    }

    fn choose_direction(&mut self, precondition: &dyn Precondition) {
        self.descend(precondition);
        if self.slope >= 0.0 {
            self.memory.clear();
            self.descend(precondition);
        }
        if self.slope < 0.0 && self.slope.is_finite() {
            self.shortenings = 0;
            self.go(1.0);
        } else {
            self.status = Status::Stopped;
        }
    }

    /// The two-loop recursion.
    fn descend(&mut self, precondition: &dyn Precondition) {
        let mut direction: Vec<f64> = self.gradient.iter().map(|slope| -slope).collect();
        let mut factors = Vec::with_capacity(self.memory.len());
        for update in self.memory.iter().rev() {
            let factor = update.rho * dot(&update.step, &direction);
            add_scaled(&mut direction, -factor, &update.change);
            factors.push(factor);
        }
        precondition.apply(&mut direction);
        for (update, factor) in self.memory.iter().zip(factors.iter().rev()) {
            let back = update.rho * dot(&update.change, &direction);
            add_scaled(&mut direction, factor - back, &update.step);
        }
        self.slope = dot(&direction, &self.gradient);
        self.direction = direction;
    }
}

fn difference(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Nothing;

    impl Precondition for Nothing {
        fn apply(&self, _: &mut [f64]) {}
    }

    /// Rosenbrock's valley, which is not even convex.
    fn valley(point: &[f64]) -> (f64, Vec<f64>) {
        let (x, y) = (point[0], point[1]);
        let (a, b) = (1.0 - x, y - x * x);
        (a * a + 100.0 * b * b, vec![-2.0 * a - 400.0 * x * b, 200.0 * b])
    }

    #[test]
    fn the_bottom_of_a_curved_valley_is_found() {
        let mut descent = Lbfgs::new(vec![-1.2, 1.0], 1e-9, 200);
        while descent.status() == Status::Wanted {
            let (loss, gradient) = valley(descent.point());
            descent.tell(loss, gradient, &Nothing);
        }
        assert_eq!(descent.status(), Status::Converged);
        assert!(descent.best().iter().all(|value| (value - 1.0).abs() < 1e-8));
        assert!(descent.losses().is_sorted_by(|before, after| before >= after));
    }

    #[test]
    fn a_loss_that_is_not_a_number_ends_the_descent() {
        let mut descent = Lbfgs::new(vec![1.0], 1e-9, 200);
        descent.tell(1.0, vec![1.0], &Nothing);
        let mut told = 0;
        while descent.status() == Status::Wanted {
            descent.tell(f64::NAN, vec![f64::NAN], &Nothing);
            told += 1;
        }
        assert_eq!((descent.status(), descent.best()), (Status::Stopped, &[1.0][..]));
        assert!(told <= MAX_SHORTENINGS + 1);
        let mut descent = Lbfgs::new(vec![1.0], 1e-9, 200);
        descent.tell(1.0, vec![f64::NAN], &Nothing);
        assert_eq!(descent.status(), Status::Stopped);
    }
}
