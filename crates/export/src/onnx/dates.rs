//! Calendar parts by the whole-number arithmetic of `hedgerow_score`'s dates, so exact. ONNX divides
//! towards zero: years are counted from so early on that nothing is negative.

use hedgerow_model::{DatePart, MILLIS_PER_DAY};
use hedgerow_onnx::message::tensor_proto::DataType;
use hedgerow_onnx::{Graph, Value};

/// The most milliseconds a date has, before or after 1970.
const FARTHEST: f64 = 8.64e15;

/// Eras of 400 years, and their days: more than 1e8 days.
const ERAS: i64 = 700;
const DAYS_OF_ERA: i64 = 146_097;

/// The parts of instants, a column each; NaN of what is no date.
pub fn write(graph: &mut Graph, millis: &Value, parts: &[DatePart]) -> Vec<Value> {
    let zero = graph.scalar(0.0);
    let nothing = graph.scalar(f64::NAN);
    let size = graph.call("Abs", [millis]);
    let farthest = graph.scalar(FARTHEST);
    // False of NaN.
    let known = graph.call("LessOrEqual", [&size, &farthest]);
    let millis = graph.call("Where", [&known, millis, &zero]);
    let day_length = graph.scalar(MILLIS_PER_DAY);
    let days = graph.call("Div", [&millis, &day_length]);
    let days = graph.call("Floor", [&days]);
    let mut calendar = None;
    parts
        .iter()
        .map(|part| {
            let value = match part {
                DatePart::Time => millis.clone(),
                DatePart::Hour => {
                    let start = graph.call("Mul", [&days, &day_length]);
                    let rest = graph.call("Sub", [&millis, &start]);
                    let hour_length = graph.scalar(3_600_000.0);
                    let hours = graph.call("Div", [&rest, &hour_length]);
                    graph.call("Floor", [&hours])
                }
                whole => {
                    let calendar =
                        calendar.get_or_insert_with(|| Calendar::of(&mut Whole(graph), &days));
                    let value = match whole {
                        DatePart::Year => &calendar.year,
                        DatePart::Month => &calendar.month,
                        DatePart::Day => &calendar.day,
                        _ => &calendar.weekday,
                    };
                    graph.cast(value, DataType::Double)
                }
            };
            graph.call("Where", [&known, &value, &nothing])
        })
        .collect()
}

/// Arithmetic of whole numbers with constants.
struct Whole<'a>(&'a mut Graph);

impl Whole<'_> {
    fn by(&mut self, operator: &str, value: &Value, constant: i64) -> Value {
        let constant = self.0.scalar(constant);
        self.0.call(operator, [value, &constant])
    }

    /// `(value * factor + summand) / divisor`.
    fn line(&mut self, value: &Value, factor: i64, summand: i64, divisor: i64) -> Value {
        let value = self.by("Mul", value, factor);
        let value = self.by("Add", &value, summand);
        self.by("Div", &value, divisor)
    }
}

struct Calendar {
    year: Value,
    month: Value,
    day: Value,
    weekday: Value,
}

impl Calendar {
    /// As `CivilDate::from_days`, which says where this is from.
    fn of(whole: &mut Whole, days: &Value) -> Self {
        let days = whole.0.cast(days, DataType::Int64);
        let shifted = whole.by("Add", &days, 719_468 + ERAS * DAYS_OF_ERA);
        let era = whole.by("Div", &shifted, DAYS_OF_ERA);
        let day_of_era = whole.by("Mod", &shifted, DAYS_OF_ERA);
        let mut years = day_of_era.clone();
        for (operator, length) in [("Sub", 1_460), ("Add", 36_524), ("Sub", 146_096)] {
            let leaps = whole.by("Div", &day_of_era, length);
            years = whole.0.call(operator, [&years, &leaps]);
        }
        let year_of_era = whole.by("Div", &years, 365);
        let mut day_of_year = day_of_era;
        for (operator, divisor, factor) in [("Sub", 1, 365), ("Sub", 4, 1), ("Add", 100, 1)] {
            let passed = whole.by("Div", &year_of_era, divisor);
            let passed = whole.by("Mul", &passed, factor);
            day_of_year = whole.0.call(operator, [&day_of_year, &passed]);
        }
        let month_from_march = whole.line(&day_of_year, 5, 2, 153);
        let before = whole.line(&month_from_march, 153, 2, 5);
        let day = whole.0.call("Sub", [&day_of_year, &before]);
        let day = whole.by("Add", &day, 1);
        // March is 0: 3, and January is 10: 1.
        let month = whole.by("Add", &month_from_march, 2);
        let month = whole.by("Mod", &month, 12);
        let month = whole.by("Add", &month, 1);
        let years_of_eras = whole.by("Mul", &era, 400);
        let year = whole.0.call("Add", [&year_of_era, &years_of_eras]);
        let next = whole.by("Div", &month_from_march, 10);
        let year = whole.0.call("Add", [&year, &next]);
        let year = whole.by("Sub", &year, ERAS * 400);
        // So many weeks of seven days that none is negative; 1970 began on a Thursday.
        let weekday = whole.by("Add", &days, 3 + 7 * ERAS * DAYS_OF_ERA);
        let weekday = whole.by("Mod", &weekday, 7);
        let weekday = whole.by("Add", &weekday, 1);
        Self { year, month, day, weekday }
    }
}
