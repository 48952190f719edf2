//! CSV to a table, and back.

mod builder;
mod cells;
mod columns;
mod decode;
mod numbers;
mod options;
mod packed;
mod reader;
mod scan;
mod sniff;
mod strings;
mod write;

pub use options::{CsvOptions, TextEncoding};
pub use reader::{CsvReader, read_csv};
pub use write::write_csv;

#[cfg(test)]
mod tests;
