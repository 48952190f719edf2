//! Bytes to a typed columnar [`Table`]: CSV, type inference, summaries, splits and folds.

mod column;
mod convert;
mod csv;
mod decimals;
mod dictionary;
mod error;
mod file;
mod folds;
mod hash;
mod interner;
mod numbers;
mod sort;
mod split;
mod summary;
mod table;

pub use column::{Column, Values};
pub use csv::{CsvOptions, CsvReader, TextEncoding, read_csv, write_csv};
pub use dictionary::Dictionary;
pub use error::{DataError, nearest_name};
pub use folds::{Fold, k_folds, rows_in_time, stratified_k_folds, time_folds};
pub use hash::TableHash;
pub use numbers::parse_date;
pub use sort::{
    distinct_numbers, known_numbers, select_number, sort_indices, sort_numbers, sorted_numbers,
};
pub use split::{DEFAULT_SEED, SplitOptions, train_test_split};
pub use summary::{
    ColumnSummary, Histogram, Quantiles, Spread, TopValue, Warning, WarningCode, summarize,
    summarize_table,
};
pub use table::Table;
