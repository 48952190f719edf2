//! Numbers and dates as text, both ways.

mod date;
mod decimal;
mod float;
mod spell;

pub use date::{parse_date, spell_date};
pub use decimal::{Decimal, MISSING, ODD, integer_of_word};
pub use float::{nearest, power_of_ten};
pub use spell::{parse_boolean, parse_number, spell_number};
