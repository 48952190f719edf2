//! Dates as milliseconds since the epoch, and the calendar parts a model can learn from.
//!
//! Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (`civil_from_days`,
//! `days_from_civil`): the proleptic Gregorian calendar by integer arithmetic.

/// Milliseconds of a day.
pub const MILLIS_PER_DAY: f64 = 86_400_000.0;

/// A calendar date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CivilDate {
    pub year: i64,
    /// 1 to 12.
    pub month: i64,
    /// 1 to 31.
    pub day: i64,
}

impl CivilDate {
    /// The date that lies `days` after 1970-01-01.
    pub fn from_days(days: i64) -> Self {
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        Self { year: year_of_era + era * 400 + i64::from(month <= 2), month, day }
    }
}

/// Days from 1970-01-01 to a date; `month` 1 to 12, `day` 1 to 31.
pub fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// One number read off a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum DatePart {
    /// The whole instant, milliseconds since the epoch.
    Time,
    Year,
    /// 1 to 12.
    Month,
    /// Day of the month, 1 to 31.
    Day,
    /// 1 (Monday) to 7 (Sunday), as ISO 8601.
    Weekday,
    /// 0 to 23, UTC.
    Hour,
}

impl DatePart {
    /// Every part, in the order features are made of them.
    pub const ALL: [Self; 6] =
        [Self::Time, Self::Year, Self::Month, Self::Day, Self::Weekday, Self::Hour];

    /// The lower-case name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day",
            Self::Weekday => "weekday",
            Self::Hour => "hour",
        }
    }

    /// Reads the part off an instant; NaN of NaN and of instants outside ±8.64e15 ms (the range of
    /// JavaScript's `Date`).
    pub fn of(self, millis: f64) -> f64 {
        if millis.is_nan() || libm::fabs(millis) > 8.64e15 {
            return f64::NAN;
        }
        let day = libm::floor(millis / MILLIS_PER_DAY);
        let days = day as i64;
        match self {
            Self::Time => millis,
            Self::Year => CivilDate::from_days(days).year as f64,
            Self::Month => CivilDate::from_days(days).month as f64,
            Self::Day => CivilDate::from_days(days).day as f64,
            Self::Weekday => ((days + 3).rem_euclid(7) + 1) as f64,
            Self::Hour => libm::floor((millis - day * MILLIS_PER_DAY) / 3_600_000.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;
    use proptest::prelude::*;

    #[test]
    fn parts_of_a_known_instant() {
        // 2013-01-01T10:00:00Z was a Tuesday.
        let millis = 1_357_034_400_000.0;
        let parts: Vec<f64> = DatePart::ALL.iter().map(|part| part.of(millis)).collect();
        assert_eq!(parts, [millis, 2013.0, 1.0, 1.0, 2.0, 10.0]);
        assert!(DatePart::Year.of(f64::NAN).is_nan());
        assert!(DatePart::Year.of(f64::INFINITY).is_nan());
    }

    #[test]
    fn before_the_epoch() {
        assert_eq!(DatePart::Hour.of(-1.0), 23.0);
        assert_eq!(DatePart::Year.of(-1.0), 1969.0);
    }

    proptest! {
        #[test]
        fn civil_and_days_are_inverse(days in -5_000_000i64..5_000_000) {
            let date = CivilDate::from_days(days);
            prop_assert_eq!(days_from_civil(date.year, date.month, date.day), days);
        }
    }
}
