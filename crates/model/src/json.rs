//! Reading JSON text, in one place for all crates.
//!
//! Every crate that reads text with a type of its own brings a parser of its own into the training
//! module. So text is parsed to a [`Value`] here, and types are read from that. The parser is our
//! own, of small functions: those of `serde_json` are so large that an engine took longer to optimise
//! them, after the hundredth number of a boosting's history, than to do all else about a model.

use serde::Deserialize;
use serde::de::Error as _;
use serde_json::{Error, Map, Number, Value};

/// Arrays and objects that may be in one another: each takes some of the stack.
const MAX_DEPTH: usize = 127;

/// The value of a text.
///
/// # Errors
/// A text that is not JSON, has a number beyond those of `f64`, or is nested too deeply.
#[inline(never)]
pub fn parse(text: &str) -> Result<Value, Error> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    let value = reader.value()?;
    match reader.next_byte() {
        None => Ok(value),
        Some(_) => Err(reader.error("trailing characters")),
    }
}

/// Plain data from its text.
///
/// # Errors
/// A text that is not JSON, and a value that is not as `T` has it.
pub fn read<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, Error> {
    T::deserialize(&parse(text)?)
}

struct Reader<'a> {
    text: &'a str,
    /// The place of the next byte; always that of a character.
    at: usize,
    /// Arrays and objects around it.
    depth: usize,
}

impl Reader<'_> {
    #[cold]
    #[inline(never)]
    fn error(&self, what: &str) -> Error {
        let before = &self.text.as_bytes()[..self.at.min(self.text.len())];
        let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
        let column = before.iter().rev().take_while(|&&byte| byte != b'\n').count() + 1;
        Error::custom(format!("{what} at line {line} column {column}"))
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is not white space, which is passed over.
    #[inline(never)]
    fn next_byte(&mut self) -> Option<u8> {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
        self.peek()
    }

    /// Passes over a byte if it is the next after white space.
    fn eat(&mut self, byte: u8) -> bool {
        let is_next = self.next_byte() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    #[inline(never)]
    fn value(&mut self) -> Result<Value, Error> {
        match self.next_byte() {
            Some(b'"') => Ok(Value::String(self.string()?)),
            Some(b'[') => self.nested(Self::array),
            Some(b'{') => self.nested(Self::object),
            Some(b'-' | b'0'..=b'9') => Ok(Value::Number(self.number()?)),
            Some(_) => self.word(),
            None => Err(self.error("the text ends where a value is expected")),
        }
    }

    #[inline(never)]
    fn nested(&mut self, read: fn(&mut Self) -> Result<Value, Error>) -> Result<Value, Error> {
        if self.depth == MAX_DEPTH {
            return Err(self.error("nested too deeply"));
        }
        self.at += 1;
        self.depth += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    #[inline(never)]
    fn word(&mut self) -> Result<Value, Error> {
        let words =
            [("null", Value::Null), ("true", Value::Bool(true)), ("false", Value::Bool(false))];
        let rest = &self.text[self.at..];
        let Some((word, value)) = words.into_iter().find(|(word, _)| rest.starts_with(word)) else {
            return Err(self.error("expected a value"));
        };
        self.at += word.len();
        Ok(value)
    }

    #[inline(never)]
    fn array(&mut self) -> Result<Value, Error> {
        let mut values = Vec::new();
        if self.eat(b']') {
            return Ok(Value::Array(values));
        }
        loop {
            values.push(self.value()?);
            if !self.eat(b',') {
                break;
            }
        }
        if self.eat(b']') { Ok(Value::Array(values)) } else { Err(self.error("expected , or ]")) }
    }

    #[inline(never)]
    fn object(&mut self) -> Result<Value, Error> {
        let mut values = Map::new();
        if self.eat(b'}') {
            return Ok(Value::Object(values));
        }
        loop {
            if self.next_byte() != Some(b'"') {
                return Err(self.error("expected a key"));
            }
            let key = self.string()?;
            if !self.eat(b':') {
                return Err(self.error("expected :"));
            }
            values.insert(key, self.value()?);
            if !self.eat(b',') {
                break;
            }
        }
        if self.eat(b'}') { Ok(Value::Object(values)) } else { Err(self.error("expected , or }")) }
    }

    /// A string, whose quote is the next byte.
    #[inline(never)]
    fn string(&mut self) -> Result<String, Error> {
        let mut string = String::new();
        self.at += 1;
        loop {
            let rest = &self.text[self.at..];
            let plain = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | ..b' '));
            let Some(plain) = plain else { return Err(self.error("a string does not end")) };
            string.push_str(&rest[..plain]);
            self.at += plain + 1;
            match rest.as_bytes()[plain] {
                b'"' => return Ok(string),
                b'\\' => string.push(self.escape()?),
                _ => return Err(self.error("a string has a control character")),
            }
        }
    }

    /// What stands for a character after a backslash.
    #[inline(never)]
    fn escape(&mut self) -> Result<char, Error> {
        let escape = self.peek();
        self.at += usize::from(escape.is_some_and(|byte| byte.is_ascii()));
        Ok(match escape {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.code_point(),
            _ => return Err(self.error("an unknown escape")),
        })
    }

    /// A character by its code in UTF-16, of one unit or two.
    #[inline(never)]
    fn code_point(&mut self) -> Result<char, Error> {
        let first = self.unit()?;
        let mut units = vec![first];
        if (0xd800..0xdc00).contains(&first) && self.text[self.at..].starts_with("\\u") {
            self.at += 2;
            units.push(self.unit()?);
        }
        match char::decode_utf16(units.iter().copied()).collect::<Result<Vec<_>, _>>().as_deref() {
            Ok(&[char]) => Ok(char),
            _ => Err(self.error("half of a surrogate pair")),
        }
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Result<u16, Error> {
        let digits = self.text.get(self.at..self.at + 4);
        let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let unit = digits.and_then(|digits| u16::from_str_radix(digits, 16).ok());
        let Some(unit) = unit else { return Err(self.error("expected four digits")) };
        self.at += 4;
        Ok(unit)
    }

    #[inline(never)]
    fn number(&mut self) -> Result<Number, Error> {
        let start = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        let whole = self.at;
        let digits = self.digits()?;
        if digits > 1 && self.text.as_bytes()[whole] == b'0' {
            return Err(self.error("a number begins with 0"));
        }
        let mut is_whole = true;
        if self.peek() == Some(b'.') {
            is_whole = false;
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            is_whole = false;
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.digits()?;
        }
        let number = to_number(&self.text[start..self.at], is_whole);
        number.ok_or_else(|| self.error("a number is out of range"))
    }

    /// Passes over digits, one at least; how many.
    fn digits(&mut self) -> Result<usize, Error> {
        let rest = &self.text.as_bytes()[self.at..];
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += digits;
        if digits == 0 { Err(self.error("expected a digit")) } else { Ok(digits) }
    }
}

/// The number of a sound text: a whole one that fits, else the nearest `f64`, if that is finite.
#[inline(never)]
fn to_number(text: &str, is_whole: bool) -> Option<Number> {
    // -0 is not 0.
    if is_whole && text != "-0" {
        if let Ok(number) = text.parse::<u64>() {
            return Some(number.into());
        }
        if let Ok(number) = text.parse::<i64>() {
            return Some(number.into());
        }
    }
    Number::from_f64(short_decimal(text).or_else(|| text.parse().ok())?)
}

/// A decimal of 15 digits at most: without its point a whole number that `f64` has, as it has the
/// power of ten that this is divided by, so that the nearest quotient is the nearest number (Clinger
/// 1990).
#[inline(never)]
fn short_decimal(text: &str) -> Option<f64> {
    let (sign, digits) = text.strip_prefix('-').map_or((1.0, text), |rest| (-1.0, rest));
    if digits.len() > 15 {
        return None;
    }
    let (mut whole, mut power, mut after_point) = (0u64, 1.0, false);
    for byte in digits.bytes() {
        match byte {
            b'.' => after_point = true,
            b'0'..=b'9' => {
                whole = 10 * whole + u64::from(byte - b'0');
                power *= if after_point { 10.0 } else { 1.0 };
            }
            _ => return None,
        }
    }
    Some(sign * (whole as f64 / power))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What `serde_json` says, as text, in which 0 and -0 differ; `None` for what is no JSON.
    fn expected(text: &str) -> Option<String> {
        serde_json::from_str::<Value>(text).ok().map(|value| value.to_string())
    }

    fn found(text: &str) -> Option<String> {
        parse(text).ok().map(|value| value.to_string())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]
        #[test]
        fn texts_are_read_as_serde_json_reads_them(
            text in r#"([\[\]{},: \n"a0-9.eE+\-/é😀]|"[a-z]*"|"é\\n"|\\u[dD][89cC]00|\\u00[eE]9|null|true|false|-?[0-9]{1,20}|-?0\.[0-9]{1,25}|[1-9]\.[0-9]{1,20}[eE]-?[0-9]{1,3}|"a":){0,12}"#,
        ) {
            for text in [format!("[{text}]"), format!("\"{text}\""), format!("{{{text}}}"), text] {
                prop_assert_eq!(found(&text), expected(&text), "{}", text);
            }
        }

        #[test]
        fn numbers_survive_their_text(number in any::<f64>(), whole in any::<i64>(), large in any::<u64>()) {
            for value in [Value::from(number), whole.into(), large.into()] {
                prop_assert_eq!(found(&value.to_string()), Some(value.to_string()));
            }
        }

        #[test]
        fn strings_survive_their_text(string in any::<String>()) {
            let text = Value::from(string.clone()).to_string();
            prop_assert_eq!(parse(&text).unwrap(), Value::from(string));
        }
    }

    #[test]
    fn depth_is_limited_as_in_serde_json() {
        for depth in [1, 126, 127, 128, 129, 100_000] {
            for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
                let text = format!("{}1{}", open.repeat(depth), close.repeat(depth));
                assert_eq!(found(&text), expected(&text), "{depth}");
            }
        }
    }

    #[test]
    fn odd_texts_are_read_as_serde_json_reads_them() {
        for text in [
            "",
            " ",
            "-",
            "-0",
            "-0.0",
            "00",
            "01",
            "1.",
            ".1",
            "1e",
            "1e+",
            "1e400",
            "-1e400",
            "1e-400",
            "18446744073709551615",
            "18446744073709551616",
            "-9223372036854775808",
            "-9223372036854775809",
            "nul",
            "nullx",
            "tru",
            "\"",
            "\"\\\"",
            "\"\\u12\"",
            "\"\\u+123\"",
            "\"\\ud83d\\ude00\"",
            "\"\\ud83d\"",
            "\"\\ude00\"",
            "\"\\ud83d\\n\"",
            "\"\\ud83d\\ud83d\"",
            "\"\\é\"",
            "\"\u{1}\"",
            "[1,]",
            "[,1]",
            "{\"a\":1,}",
            "{\"a\":1,\"a\":2}",
            "{a:1}",
            "[1 2]",
            "\u{feff}1",
            " [ 1 , { } , [ ] ] ",
            "{\"a\" : 1 } x",
        ] {
            assert_eq!(found(text), expected(text), "{text:?}");
        }
    }

    #[test]
    fn errors_say_where() {
        let error = parse("[1,\n 2 x]").unwrap_err();
        assert_eq!((error.line(), error.column()), (2, 4));
        assert_eq!(error.to_string(), "expected , or ] at line 2 column 4");
    }
}
