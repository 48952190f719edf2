//! A number as it was spelled: decimal digits in a word, and how to write them in a byte.
//!
//! A column of a CSV file may turn out to hold strings after a million numbers, which then have to
//! be spelled back exactly. So numbers are kept as their decimal digits, which costs one byte more
//! than `f64`, and become `f64` when the whole column is known.

/// A missing value.
pub const MISSING: u8 = 63;
/// A number with another spelling than those below; the word is the bits of its `f64`, and the
/// spelling has to be kept aside.
pub const ODD: u8 = 62;

const NEGATIVE: u8 = 0x80;
const SCIENTIFIC: u8 = 0x40;
/// Digits after the point of a plain decimal. 5^40 fits into 93 bits.
const MAX_PLAIN_DIGITS: u8 = 40;
/// Of a word with an exponent: the bits of the digits.
const DIGIT_BITS: u32 = 54;
const MAX_EXPONENT: i32 = 290;
const EXPONENT_BIAS: i32 = 512;

/// A number's digits and spelling.
///
/// Plain (`-12.50`): the word is all digits as one integer, the style the number of digits after
/// the point, and the sign. Scientific (`1.5e-07`): the word also holds the exponent, and the style
/// its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    pub word: u64,
    pub style: u8,
}

/// How an exponent is written.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    /// `e-07`, `e+20`: C and Python.
    Padded = 0,
    /// `e-7`, `e+20`: JavaScript.
    Signed = 1,
    /// `e-7`, `e20`: Rust.
    Bare = 2,
    /// `E-07`, `E+20`: spreadsheets.
    Upper = 3,
}

impl Decimal {
    /// Reads a cell spelled in one of the usual ways; `None` for all else, numbers or not.
    #[inline]
    pub fn parse(cell: &[u8]) -> Option<Self> {
        let negative = cell.first() == Some(&b'-');
        let digits = if negative { &cell[1..] } else { cell };
        let sign = if negative { NEGATIVE } else { 0 };
        let (whole, mut at) = integer(digits, 0)?;
        // "007" and "" have another spelling than their value.
        if at == 0 || (at > 1 && digits[0] == b'0') {
            return None;
        }
        let (mut word, mut after) = (whole, 0);
        if digits.get(at) == Some(&b'.') {
            let start = at + 1;
            (word, at) = integer_from(digits, start, whole)?;
            after = at - start;
            if after == 0 || after > MAX_PLAIN_DIGITS as usize {
                return None;
            }
        }
        if at == digits.len() {
            return Some(Self { word, style: sign | after as u8 });
        }
        scientific(word, after, &digits[at..])
            .map(|decimal| Self { style: decimal.style | sign, ..decimal })
    }

    /// The digits as an integer, and the power of ten that scales it.
    pub fn parts(self) -> (u64, i32) {
        if self.style & SCIENTIFIC == 0 {
            return (self.word, -i32::from(self.style & 0x3f));
        }
        let exponent = (self.word >> DIGIT_BITS) as i32 - EXPONENT_BIAS;
        let after = i32::from(self.style & 0x0f);
        (self.word & ((1 << DIGIT_BITS) - 1), exponent - after)
    }

    /// Whether there was a minus sign.
    pub fn is_negative(self) -> bool {
        self.style & NEGATIVE != 0
    }

    /// Writes the number exactly as it was spelled. Not for [`MISSING`] and [`ODD`].
    pub fn spell(self, out: &mut Vec<u8>) {
        if self.is_negative() {
            out.push(b'-');
        }
        if self.style & SCIENTIFIC == 0 {
            return plain(self.word, (self.style & 0x3f) as usize, out);
        }
        plain(self.parts().0, (self.style & 0x0f) as usize, out);
        let exponent = (self.word >> DIGIT_BITS) as i32 - EXPONENT_BIAS;
        let form = (self.style >> 4) & 3;
        out.push(if form == Form::Upper as u8 { b'E' } else { b'e' });
        if exponent < 0 {
            out.push(b'-');
        } else if form != Form::Bare as u8 {
            out.push(b'+');
        }
        let is_padded = form == Form::Padded as u8 || form == Form::Upper as u8;
        if is_padded && exponent.abs() < 10 {
            out.push(b'0');
        }
        plain(u64::from(exponent.unsigned_abs()), 0, out);
    }
}

/// The integer spelled by the first `length` (1 to 8) bytes of a word, little endian, if they are
/// digits, and the first is not a spare 0. All digits at once: how many there are is hard to predict
/// for a processor (Lemire 2022, "Parsing series of integers with SIMD", gives the idea).
#[inline]
pub fn integer_of_word(word: u64, length: usize) -> Option<u64> {
    if word as u8 == b'0' && length > 1 {
        return None;
    }
    // The digits to the end of the word, zeros before them.
    let digits = (word ^ 0x3030_3030_3030_3030) << (64 - 8 * length as u32);
    let too_large = (digits.wrapping_add(0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080;
    if too_large != 0 {
        return None;
    }
    let pairs = (digits.wrapping_mul(10) + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul(100) + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    Some((fours.wrapping_mul(10_000) + (fours >> 32)) & 0xffff_ffff)
}

/// Digits from `at` on, at most 19 of them.
#[inline]
fn integer(text: &[u8], at: usize) -> Option<(u64, usize)> {
    integer_from(text, at, 0)
}

/// Digits from `at` on, appended to `value`; `None` when that may overflow.
#[inline]
fn integer_from(text: &[u8], mut at: usize, mut value: u64) -> Option<(u64, usize)> {
    while let Some(digit) = text.get(at).map(|byte| byte.wrapping_sub(b'0'))
        && digit < 10
    {
        // Below this a further digit always fits.
        if value >= 1_000_000_000_000_000_000 {
            return None;
        }
        value = value * 10 + u64::from(digit);
        at += 1;
    }
    Some((value, at))
}

#[cold]
fn scientific(word: u64, after: usize, exponent: &[u8]) -> Option<Decimal> {
    let (&letter, rest) = exponent.split_first()?;
    let (sign, digits) = match rest.first()? {
        sign @ (b'+' | b'-') => (Some(*sign), &rest[1..]),
        _ => (None, rest),
    };
    let (size, end) = integer(digits, 0)?;
    let is_padded = digits.len() == 2 || (digits.len() == 3 && digits[0] != b'0');
    let is_short = digits.len() == 1 || digits.first() != Some(&b'0');
    let form = match (letter, sign) {
        (b'e', Some(_)) if is_padded => Form::Padded,
        (b'e', Some(_)) if is_short => Form::Signed,
        (b'e', None) if is_short => Form::Bare,
        (b'E', Some(_)) if is_padded => Form::Upper,
        _ => return None,
    };
    let is_minus_zero = size == 0 && sign == Some(b'-');
    let fits = word < 10_000_000_000_000_000 && after < 16 && size <= MAX_EXPONENT as u64;
    if end == 0 || end != digits.len() || is_minus_zero || !fits {
        return None;
    }
    let size = size as i32;
    let biased = EXPONENT_BIAS + if sign == Some(b'-') { -size } else { size };
    Some(Decimal {
        word: word | (biased as u64) << DIGIT_BITS,
        style: SCIENTIFIC | (form as u8) << 4 | after as u8,
    })
}

/// An integer with its last `after` digits behind the point.
fn plain(value: u64, after: usize, out: &mut Vec<u8>) {
    let mut digits = [b'0'; 64];
    let mut at = digits.len();
    let mut rest = value;
    while rest > 0 {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    // At least one digit before the point.
    at = at.min(digits.len() - after - 1);
    let point = digits.len() - after;
    out.extend_from_slice(&digits[at..point]);
    if after > 0 {
        out.push(b'.');
        out.extend_from_slice(&digits[point..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spelled_back(text: &str) -> Option<String> {
        let mut out = Vec::new();
        Decimal::parse(text.as_bytes())?.spell(&mut out);
        String::from_utf8(out).ok()
    }

    #[test]
    fn usual_spellings_are_kept() {
        for text in [
            "0",
            "-0",
            "7",
            "-12",
            "1.50",
            "0.00",
            "-0.001",
            "9007199254740993",
            "1e-7",
            "1e-07",
            "1.5e+20",
            "2e5",
            "1.25E+05",
            "-3.0e-12",
            "0.1234567890123456789",
            "1e+0",
            "0e0",
            "1e100",
            "1e-100",
        ] {
            assert_eq!(spelled_back(text).as_deref(), Some(text));
        }
    }

    #[test]
    fn words_are_read_as_their_digits_are() {
        for text in ["0", "7", "42", "999", "2013", "10000", "123456", "1234567", "12345678"] {
            let mut word = *b"xxxxxxxx";
            word[..text.len()].copy_from_slice(text.as_bytes());
            let integer = integer_of_word(u64::from_le_bytes(word), text.len());
            assert_eq!(integer, text.parse().ok());
        }
        for text in ["00", "07", "-1", "1.", "1e5", "a", " 1", "1/", "1:", "\u{ff}1", "1\u{b0}"] {
            let mut word = *b"11111111";
            word[..text.len()].copy_from_slice(text.as_bytes());
            assert_eq!(integer_of_word(u64::from_le_bytes(word), text.len()), None, "{text}");
        }
    }

    #[test]
    fn other_spellings_and_other_things_are_left_alone() {
        for text in [
            "",
            "-",
            "+5",
            ".5",
            "5.",
            "007",
            "00",
            "1e",
            "1e+",
            "1e999",
            "1,5",
            "inf",
            "NaN",
            "1e-0",
            "1E5",
            "12345678901234567890",
            "0x10",
            "1_000",
            "--1",
            "1.2.3",
            "1e005",
        ] {
            assert_eq!(Decimal::parse(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_spelled_back_exactly(text in r"-?[0-9]{1,20}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?") {
            if let Some(back) = spelled_back(&text) {
                prop_assert_eq!(back, text);
            }
        }

        #[test]
        fn words_and_slices_are_read_alike(word: [u8; 8], length in 1usize..=8) {
            let whole = Decimal::parse(&word[..length]).filter(|decimal| decimal.style == 0);
            let integer = integer_of_word(u64::from_le_bytes(word), length);
            prop_assert_eq!(integer, whole.map(|decimal| decimal.word));
        }

        #[test]
        fn integers_in_words_are_read(value in 0u64..100_000_000, after: [u8; 8]) {
            let text = value.to_string();
            let mut word = after;
            word[..text.len()].copy_from_slice(text.as_bytes());
            prop_assert_eq!(integer_of_word(u64::from_le_bytes(word), text.len()), Some(value));
        }

        #[test]
        fn shortest_spellings_are_usual(value in proptest::num::f64::NORMAL) {
            let text = format!("{:?}", value % 1e15);
            if text.len() < 17 {
                prop_assert_eq!(spelled_back(&text), Some(text));
            }
        }
    }
}
