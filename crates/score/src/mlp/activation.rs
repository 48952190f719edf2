//! What hidden units do with their sums, in `f32` arithmetic that is the same on all platforms.

/// What a hidden unit makes of its weighted sum.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Activation {
    /// `max(0, x)`.
    #[default]
    Relu,
    /// The hyperbolic tangent.
    Tanh,
}

impl Activation {
    /// Both, in an order that never changes: its place here is its number in an image.
    pub const ALL: [Self; 2] = [Self::Relu, Self::Tanh];

    /// Of every number in place.
    pub fn apply(self, values: &mut [f32]) {
        match self {
            Self::Relu => values.iter_mut().for_each(|x| *x = if *x > 0.0 { *x } else { 0.0 }),
            Self::Tanh => values.iter_mut().for_each(|x| *x = tanh(*x)),
        }
    }

    /// Multiplies `gradients` with the derivative at the units whose outputs are `values`.
    pub fn backward(self, values: &[f32], gradients: &mut [f32]) {
        let pairs = gradients.iter_mut().zip(values);
        match self {
            Self::Relu => pairs.for_each(|(g, &y)| *g = if y > 0.0 { *g } else { 0.0 }),
            Self::Tanh => pairs.for_each(|(g, &y)| *g *= 1.0 - y * y),
        }
    }
}

/// `e^x` to some 2 units in the last place (polynomial of Cephes' `expf`), without a branch so that
/// it fills SIMD lanes; `x` is clamped to ±87, where `f32` ends.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    // Adding and taking away 1.5 * 2^23 rounds to a whole number, and leaves it in the low bits.
    const ROUND: f32 = 12_582_912.0;
    let x = if x > 87.0 { 87.0 } else { x };
    let x = if x < -87.0 { -87.0 } else { x };
    let shifted = x * core::f32::consts::LOG2_E + ROUND;
    let whole = shifted - ROUND;
    let rest = (x - whole * 0.693_359_4) - whole * -2.121_944_4e-4;
    let series = 1.987_569_1e-4;
    let series = series * rest + 1.398_199_9e-3;
    let series = series * rest + 8.333_452e-3;
    let series = series * rest + 4.166_579_6e-2;
    let series = series * rest + 1.666_666_5e-1;
    let series = series * rest + 0.5;
    let power = f32::from_bits(shifted.to_bits().wrapping_add(127) << 23);
    (series * (rest * rest) + rest + 1.0) * power
}

/// To some 1e-7.
#[inline(always)]
fn tanh(x: f32) -> f32 {
    1.0 - 2.0 / (exp(2.0 * x) + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_is_right_to_the_last_places() {
        for step in -8_700..=8_700 {
            let x = step as f32 / 100.0;
            let right = libm::exp(f64::from(x));
            assert!((f64::from(exp(x)) / right - 1.0).abs() < 3e-7, "{x}");
        }
        assert_eq!(exp(1e9), exp(87.0));
        assert_eq!(exp(-1e9), exp(-87.0));
        assert_eq!(exp(0.0), 1.0);
        assert!(exp(f32::NAN).is_nan());
    }

    #[test]
    fn the_tangent_is_right_and_its_slope_too() {
        for step in -1_000..=1_000 {
            let x = step as f32 / 100.0;
            let mut value = [x];
            Activation::Tanh.apply(&mut value);
            let right = libm::tanh(f64::from(x));
            assert!((f64::from(value[0]) - right).abs() < 2e-7, "{x}");
            let mut slope = [2.0];
            Activation::Tanh.backward(&value, &mut slope);
            assert!((f64::from(slope[0]) - 2.0 * (1.0 - right * right)).abs() < 1e-6, "{x}");
        }
    }

    #[test]
    fn rectifiers_pass_what_is_positive() {
        let mut values = [-1.0, 0.0, 2.0];
        Activation::Relu.apply(&mut values);
        assert_eq!(values, [0.0, 0.0, 2.0]);
        let mut gradients = [5.0; 3];
        Activation::Relu.backward(&values, &mut gradients);
        assert_eq!(gradients, [0.0, 0.0, 5.0]);
    }
}
