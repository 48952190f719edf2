//! Columns of equal length.

use std::collections::BTreeMap;
use std::ops::Range;

use hedgerow_model::{Details, Kind};

use crate::error::nearest_name;
use crate::{Column, DataError, Values, column};

/// Columns of equal length, with distinct names.
///
/// ```
/// use hedgerow_data::{Column, Table};
///
/// let table = Table::new(vec![
///     Column::numbers("age", vec![30.0, f64::NAN, 58.0]),
///     Column::numbers("income", vec![129.0, 131.0, 80.0]),
/// ])?;
/// assert_eq!(table.drop_missing(None)?.rows(), 2);
/// # Ok::<(), hedgerow_data::DataError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Table {
    columns: Vec<Column>,
    rows: usize,
}

impl Table {
    /// A table of these columns. Minus zero becomes zero, and dictionaries of categories are
    /// sorted.
    ///
    /// # Errors
    /// [`DataError::EmptyColumnName`], [`DataError::DuplicateColumn`], [`DataError::WrongLength`];
    /// [`DataError::WrongKind`] when values are not what the kind says, [`DataError::Infinite`],
    /// and [`DataError::BadValue`] for a boolean other than 0 and 1.
    pub fn new(columns: Vec<Column>) -> Result<Self, DataError> {
        check_names(&columns)?;
        let rows = columns.first().map_or(0, Column::len);
        let columns = columns
            .into_iter()
            .map(|column| {
                if column.len() != rows {
                    let found = column.len();
                    return Err(DataError::WrongLength {
                        column: column.name,
                        expected: rows,
                        found,
                    });
                }
                sound(column)
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { columns, rows })
    }

    /// A table of columns that are known to be what [`Self::new`] makes of them.
    pub(crate) fn of_sound(columns: Vec<Column>) -> Self {
        let rows = columns.first().map_or(0, Column::len);
        Self { columns, rows }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The columns, in order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The columns, in order.
    pub fn into_columns(self) -> Vec<Column> {
        self.columns
    }

    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// Where a column stands.
    ///
    /// # Errors
    /// [`DataError::UnknownColumn`], which suggests the nearest name.
    pub fn position(&self, name: &str) -> Result<usize, DataError> {
        self.names().position(|own| own == name).ok_or_else(|| DataError::UnknownColumn {
            column: name.to_owned(),
            nearest: nearest_name(name, self.names()),
        })
    }

    /// The column of a name.
    ///
    /// # Errors
    /// [`DataError::UnknownColumn`], which suggests the nearest name.
    pub fn column(&self, name: &str) -> Result<&Column, DataError> {
        self.position(name).map(|position| &self.columns[position])
    }

    /// The columns named, in the order named.
    ///
    /// # Errors
    /// [`DataError::UnknownColumn`], [`DataError::DuplicateColumn`].
    pub fn select(&self, names: &[&str]) -> Result<Self, DataError> {
        let columns =
            names.iter().map(|name| self.column(name).cloned()).collect::<Result<Vec<_>, _>>()?;
        check_names(&columns)?;
        Ok(Self { columns, rows: self.rows })
    }

    /// All columns but those named.
    ///
    /// # Errors
    /// [`DataError::UnknownColumn`].
    pub fn drop_columns(&self, names: &[&str]) -> Result<Self, DataError> {
        for name in names {
            self.position(name)?;
        }
        let is_kept = |column: &&Column| !names.contains(&column.name.as_str());
        let columns = self.columns.iter().filter(is_kept).cloned().collect();
        Ok(Self { columns, rows: self.rows })
    }

    /// The rows that have a value in all columns, or in all the columns named.
    ///
    /// # Errors
    /// [`DataError::UnknownColumn`].
    pub fn drop_missing(&self, names: Option<&[&str]>) -> Result<Self, DataError> {
        let looked_at: Vec<&Column> = match names {
            None => self.columns.iter().collect(),
            Some(names) => names.iter().map(|name| self.column(name)).collect::<Result<_, _>>()?,
        };
        let is_whole = |row: &u32| !looked_at.iter().any(|column| column.is_missing(*row as usize));
        let rows: Vec<u32> = (0..self.rows as u32).filter(is_whole).collect();
        Ok(self.take(&rows))
    }

    /// The rows named, in the order named; a row that does not exist becomes missing values.
    pub fn take(&self, rows: &[u32]) -> Self {
        let columns = self.columns.iter().map(|column| column.take(rows)).collect();
        Self { columns, rows: rows.len() }
    }

    /// Adds the next column of `other`, as [`take`](Self::take) has it, to a table that has those before; whether
    /// there was one. For callers that must do other things between columns.
    pub fn take_next(&mut self, other: &Self, rows: &[u32]) -> bool {
        let next = other.columns.get(self.columns.len());
        self.rows = rows.len();
        self.columns.extend(next.map(|column| column.take(rows)));
        next.is_some()
    }

    /// The rows of a range, as far as they exist.
    pub fn slice(&self, rows: Range<usize>) -> Self {
        let end = rows.end.min(self.rows);
        let start = rows.start.min(end);
        let columns = self.columns.iter().map(|column| column.slice(start..end)).collect();
        Self { columns, rows: end - start }
    }

    /// The same table with one column converted, as [`Column::convert`] does.
    ///
    /// # Errors
    /// [`DataError::UnknownColumn`], [`DataError::BadValue`], [`DataError::WrongKind`].
    pub fn convert(&self, name: &str, kind: Kind) -> Result<Self, DataError> {
        let position = self.position(name)?;
        let converted = self.columns[position].convert(kind)?;
        let mut columns = self.columns.clone();
        columns[position] = converted;
        Ok(Self { columns, rows: self.rows })
    }
}

fn check_names(columns: &[Column]) -> Result<(), DataError> {
    let mut seen = BTreeMap::new();
    for (index, column) in columns.iter().enumerate() {
        if column.name.is_empty() {
            return Err(DataError::EmptyColumnName { position: index + 1 });
        }
        if seen.insert(column.name.as_str(), index).is_some() {
            return Err(DataError::DuplicateColumn { column: column.name.clone() });
        }
    }
    Ok(())
}

/// The column in its one form: values as its kind says, zeros without sign, categories sorted.
fn sound(column: Column) -> Result<Column, DataError> {
    let Column { name, kind, values } = column;
    let wrong = |name, found| DataError::WrongKind { column: name, expected: kind.name(), found };
    let values = match values {
        Values::Numbers(mut values) if kind.is_numeric() => {
            check_numbers(&name, kind, &mut values)?;
            Values::Numbers(values)
        }
        Values::Strings { codes, dictionary } if !kind.is_numeric() => {
            let (codes, dictionary) = if kind == Kind::Category {
                column::sorted(codes, dictionary)
            } else {
                (codes, dictionary)
            };
            Values::Strings { codes, dictionary }
        }
        Values::Numbers(_) => return Err(wrong(name, "numbers")),
        Values::Strings { .. } => return Err(wrong(name, "strings")),
    };
    Ok(Column { name, kind, values })
}

fn check_numbers(name: &str, kind: Kind, values: &mut [f64]) -> Result<(), DataError> {
    let is_bad =
        |value: f64| value.is_infinite() || (kind == Kind::Boolean && value != 0.0 && value != 1.0);
    if let Some(row) = first(values, |value| !value.is_nan() && is_bad(value)) {
        let at = Details {
            row: Some(row as u64 + 1),
            value: Some(values[row].to_string()),
            ..Details::column(name)
        };
        return Err(match values[row].is_infinite() {
            true => DataError::Infinite { at },
            false => DataError::BadValue { at, kind },
        });
    }
    lose_signs_of_zeros(values);
    Ok(())
}

#[inline(never)]
fn first(values: &[f64], is_bad: impl Fn(f64) -> bool) -> Option<usize> {
    values.iter().position(|&value| is_bad(value))
}

#[inline(never)]
fn lose_signs_of_zeros(values: &mut [f64]) {
    values.iter_mut().for_each(|value| *value += 0.0);
}

#[cfg(test)]
mod tests;
