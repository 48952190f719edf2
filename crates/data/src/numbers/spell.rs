//! Numbers and booleans as text.

/// Reads a number: decimal, with or without sign, point and exponent; also `inf` and `Infinity`.
/// What is too large is infinite, too.
pub fn parse_number(text: &str) -> Option<f64> {
    let is_number = |byte: &u8| byte.is_ascii_digit();
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_infinite =
        unsigned.eq_ignore_ascii_case("inf") || unsigned.eq_ignore_ascii_case("infinity");
    if !is_infinite && !unsigned.as_bytes().iter().take(2).any(is_number) {
        return None;
    }
    text.parse().ok()
}

/// The shortest text that reads back as the same number, as JavaScript writes it: with an exponent
/// from 1e21 on and below 1e-6.
pub fn spell_number(value: f64) -> String {
    let size = libm::fabs(value);
    if size.is_finite() && (size >= 1e21 || (size < 1e-6 && size > 0.0)) {
        let text = format!("{value:e}");
        return if size >= 1e21 { text.replace('e', "e+") } else { text };
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    value.to_string()
}

/// Reads a boolean: `true`, `yes`, `t`, `y` and `1`, and their opposites, in any case.
pub fn parse_boolean(text: &str) -> Option<bool> {
    let is_any = |words: [&str; 5]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is_any(["true", "yes", "t", "y", "1"]) {
        return Some(true);
    }
    is_any(["false", "no", "f", "n", "0"]).then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_spelled_as_javascript_spells_them() {
        let spelled =
            [0.1, -0.0, 1e21, 123456789.0, 1e-7, -2.5e-10, 1e20, 1.5e300].map(spell_number);
        let expected = [
            "0.1",
            "0",
            "1e+21",
            "123456789",
            "1e-7",
            "-2.5e-10",
            "100000000000000000000",
            "1.5e+300",
        ];
        assert_eq!(spelled, expected);
    }

    #[test]
    fn what_only_looks_like_a_number_is_none() {
        for text in ["", "-", "nan", "abc", "e5", ".", "1x", "1 2", "0x1f", "१"] {
            assert_eq!(parse_number(text), None, "{text}");
        }
        assert_eq!(parse_number("-Infinity"), Some(f64::NEG_INFINITY));
        assert_eq!(parse_number("+.5"), Some(0.5));
    }

    proptest! {
        #[test]
        fn spelling_and_reading_are_inverse(value in proptest::num::f64::NORMAL) {
            prop_assert_eq!(parse_number(&spell_number(value)), Some(value));
        }
    }
}
