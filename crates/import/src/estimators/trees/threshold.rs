//! Thresholds of numbers that are compared as `f32`.

/// The largest number that, rounded to `f32`, is at most `threshold`: comparing with it is as if every
/// number had been rounded before it was compared.
pub fn widest(threshold: f32) -> f64 {
    // Where f32 ends it goes on as if there were one more exponent.
    let beyond = f64::from(f32::MAX) * 2.0 - f64::from(f32::MAX.next_down());
    let number = |value: f32| match value {
        f32::INFINITY => beyond,
        f32::NEG_INFINITY => -beyond,
        value => f64::from(value),
    };
    if threshold == f32::INFINITY {
        return f64::INFINITY;
    }
    let middle = f64::midpoint(number(threshold), number(threshold.next_up()));
    // The one in the middle goes to the even neighbour.
    if middle as f32 <= threshold { middle } else { middle.next_down() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn holds(threshold: f32) {
        let edge = widest(threshold);
        assert!(edge as f32 <= threshold, "{threshold}");
        assert!(edge.next_up() as f32 > threshold || threshold == f32::INFINITY, "{threshold}");
    }

    #[test]
    fn ends_and_zeros_are_like_others() {
        for value in [0.0, f32::MIN_POSITIVE, f32::MAX, f32::from_bits(1), f32::INFINITY, 1.0] {
            holds(value);
            holds(-value);
        }
    }

    proptest! {
        #[test]
        fn every_number_goes_where_it_would_go_as_f32(
            threshold in any::<f32>().prop_filter("a number", |x| !x.is_nan()),
            near in -3i64..4,
            other in any::<f64>(),
        ) {
            holds(threshold);
            let edge = widest(threshold);
            let close = f64::from_bits(edge.to_bits().wrapping_add_signed(near));
            for x in [close, other] {
                prop_assert_eq!(x <= edge, x as f32 <= threshold, "{} {}", x, threshold);
            }
        }
    }
}
