//! ISO 8601 dates, by hand: the whole of it is 60 lines on the model's calendar, where a calendar
//! library would bring time zones and a clock into the module.

use hedgerow_model::{CivilDate, MILLIS_PER_DAY, days_from_civil};

const MILLIS_PER_MINUTE: f64 = 60_000.0;

/// Reads an ISO 8601 date, or date and time: `2013-01-31`, `2013-01-31T10:05`,
/// `2013-01-31 10:05:59.25Z`, `…+02:00`. Without a zone it is UTC. Milliseconds since the epoch;
/// finer fractions are cut off.
pub fn parse_date(text: &str) -> Option<f64> {
    let mut rest = text.as_bytes();
    let year = number(&mut rest, 4)?;
    let month = take(&mut rest, b"-").then(|| number(&mut rest, 2))??;
    let day = take(&mut rest, b"-").then(|| number(&mut rest, 2))??;
    if !(1..=12).contains(&month) || !(1..=days_of_month(year, month)).contains(&day) {
        return None;
    }
    let midnight = days_from_civil(year, month, day) as f64 * MILLIS_PER_DAY;
    if rest.is_empty() {
        return Some(midnight);
    }
    take(&mut rest, b"Tt ").then_some(())?;
    let time = time(&mut rest)?;
    let offset = zone(&mut rest)?;
    rest.is_empty().then_some(midnight + time - offset)
}

/// The date, with the time where there is one, as ISO 8601 in UTC. Empty for years that do not
/// have four digits.
pub fn spell_date(millis: f64) -> String {
    let day = libm::floor(millis / MILLIS_PER_DAY);
    let CivilDate { year, month, day: of_month } = CivilDate::from_days(day as i64);
    if !millis.is_finite() || !(0..=9_999).contains(&year) {
        return String::new();
    }
    let rest = (millis - day * MILLIS_PER_DAY) as u64;
    let date = format!("{year:04}-{month:02}-{of_month:02}");
    if rest == 0 {
        return date;
    }
    let (hour, minute, second) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1_000 % 60);
    match rest % 1_000 {
        0 => format!("{date}T{hour:02}:{minute:02}:{second:02}Z"),
        milli => format!("{date}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z"),
    }
}

fn days_of_month(year: i64, month: i64) -> i64 {
    let (next_year, next) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    days_from_civil(next_year, next, 1) - days_from_civil(year, month, 1)
}

/// `hh:mm`, `hh:mm:ss`, `hh:mm:ss.f…`, in milliseconds.
fn time(rest: &mut &[u8]) -> Option<f64> {
    let hour = number(rest, 2).filter(|hour| *hour < 24)?;
    let minute = take(rest, b":").then(|| number(rest, 2))?.filter(|minute| *minute < 60)?;
    let mut millis = (hour * 60 + minute) as f64 * MILLIS_PER_MINUTE;
    if take(rest, b":") {
        millis += number(rest, 2).filter(|second| *second < 60)? as f64 * 1_000.0;
        if take(rest, b".,") {
            millis += fraction(rest)?;
        }
    }
    Some(millis)
}

/// The digits after the point of the seconds, in whole milliseconds.
fn fraction(rest: &mut &[u8]) -> Option<f64> {
    let n = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, after) = rest.split_at(n);
    *rest = after;
    (n > 0).then(|| {
        let digit = |place: usize| digits.get(place).map_or(0, |digit| digit - b'0');
        f64::from(digit(0)) * 100.0 + f64::from(digit(1)) * 10.0 + f64::from(digit(2))
    })
}

/// Nothing, `Z`, `±hh:mm`, `±hhmm` or `±hh`, in milliseconds.
fn zone(rest: &mut &[u8]) -> Option<f64> {
    if rest.is_empty() || take(rest, b"Zz") {
        return Some(0.0);
    }
    let sign = if take(rest, b"+") { 1.0 } else { take(rest, b"-").then_some(-1.0)? };
    let hours = number(rest, 2).filter(|hour| *hour < 24)?;
    let has_minutes = take(rest, b":") || !rest.is_empty();
    let minutes = if has_minutes { number(rest, 2).filter(|minute| *minute < 60)? } else { 0 };
    Some(sign * (hours * 60 + minutes) as f64 * MILLIS_PER_MINUTE)
}

/// Takes the next byte if it is one of `these`.
fn take(rest: &mut &[u8], these: &[u8]) -> bool {
    match rest.split_first() {
        Some((byte, after)) if these.contains(byte) => {
            *rest = after;
            true
        }
        _ => false,
    }
}

/// Takes exactly `n` digits.
fn number(rest: &mut &[u8], n: usize) -> Option<i64> {
    let (digits, after) = rest.split_at_checked(n)?;
    *rest = after;
    digits.iter().try_fold(0, |value, byte| {
        byte.is_ascii_digit().then(|| value * 10 + i64::from(byte - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_and_times_are_read() {
        let noon = 1_359_633_600_000.0;
        for (text, millis) in [
            ("2013-01-31", noon - 43_200_000.0),
            ("2013-01-31T12:00Z", noon),
            ("2013-01-31 12:00:00", noon),
            ("2013-01-31T12:00:00.5Z", noon + 500.0),
            ("2013-01-31T12:00:00.123456", noon + 123.0),
            ("2013-01-31T14:00+02:00", noon),
            ("2013-01-31T06:30:00-0530", noon),
            ("2013-01-31T13:00+01", noon),
            ("1969-12-31T23:59:59Z", -1_000.0),
        ] {
            assert_eq!(parse_date(text), Some(millis), "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_dates() {
        for text in [
            "",
            "2013",
            "2013-1-1",
            "2013-02-30",
            "2013-13-01",
            "2013-01-31T",
            "2013-01-31T25:00",
            "2013-01-31T12",
            "2013-01-31T12:00:00+",
            "2013-01-31T12:00Zulu",
            "31.01.2013",
            "2013-01-31x",
            "20１3-01-31",
            "2013-00-10",
            "2013-01-31T12:00+9",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn spelling_and_reading_are_inverse(millis in -62_167_219_200_000i64..253_402_300_800_000) {
            prop_assert_eq!(parse_date(&spell_date(millis as f64)), Some(millis as f64));
        }

        #[test]
        fn any_text_is_read_without_panic(text in ".{0,30}") {
            parse_date(&text);
        }
    }
}
