//! A table in the shape a model reads.

use std::borrow::Cow;

use hedgerow_data::{Column, DataError, Table, Values};
use hedgerow_model::{Field, Kind, MISSING_CODE, Model, Raw};

use crate::{EvaluateError, labels::Labels};

/// The columns a model reads, in its order and of its kinds.
#[derive(Debug, Clone)]
pub struct Aligned<'a> {
    columns: Vec<Cow<'a, Column>>,
}

impl Aligned<'_> {
    /// The columns as [`Model::predict`] takes them.
    pub fn raw(&self) -> Vec<Raw<'_>> {
        self.columns.iter().map(|column| column.raw()).collect()
    }
}

impl<'a> Aligned<'a> {
    /// The columns, borrowed where nothing had to be converted.
    pub(crate) fn into_columns(self) -> impl Iterator<Item = Cow<'a, Column>> {
        self.columns.into_iter()
    }
}

/// Takes out of `table` the columns that `model` reads. Other columns, the target too, do not
/// matter.
///
/// A column whose kind differs from the model's is converted as [`Column::convert`] does: numbers,
/// booleans and dates are spelled where the model wants categories, and strings are parsed where it
/// wants numbers, booleans or dates. Booleans become categories by the words the model knows (`yes`
/// where it knows `yes`, not `true`), and a column without any value fits every kind. Columns that
/// fit are borrowed.
///
/// # Errors
/// [`EvaluateError::MissingColumn`] with the nearest name; [`EvaluateError::WrongKind`] for dates
/// where the model wants numbers or booleans, and booleans where it wants dates;
/// [`DataError::BadValue`] with row and value where a value does not convert.
pub fn columns_for<'a>(model: &Model, table: &'a Table) -> Result<Aligned<'a>, EvaluateError> {
    let columns = model.schema.features.iter().map(|field| {
        let column = table.column(&field.name).map_err(|error| match error {
            DataError::UnknownColumn { column, nearest } => {
                EvaluateError::MissingColumn { column, nearest }
            }
            error => error.into(),
        })?;
        column_for(field, column)
    });
    Ok(Aligned { columns: columns.collect::<Result<_, _>>()? })
}

/// The column as a model wants it that knows it as `field`; as [`columns_for`] does for all of them.
///
/// # Errors
/// As [`columns_for`], but for a missing column.
pub fn column_for<'a>(field: &Field, column: &'a Column) -> Result<Cow<'a, Column>, EvaluateError> {
    match (field.kind, column.kind) {
        (wanted, found) if wanted == found => Ok(Cow::Borrowed(column)),
        (Kind::Category | Kind::Text, Kind::Category | Kind::Text)
        | (Kind::Number, Kind::Boolean) => Ok(Cow::Borrowed(column)),
        _ if column.n_missing() == column.len() => Ok(Cow::Owned(without_values(field, column))),
        (Kind::Category | Kind::Text, Kind::Boolean) => Ok(Cow::Owned(in_words(field, column))),
        (Kind::Number | Kind::Boolean, Kind::Date) | (Kind::Date, Kind::Boolean) => {
            Err(EvaluateError::WrongKind {
                column: column.name.clone(),
                expected: field.kind.name(),
                found: column.kind.name(),
            })
        }
        (wanted, _) => Ok(Cow::Owned(column.convert(wanted)?)),
    }
}

fn without_values(field: &Field, column: &Column) -> Column {
    let values = if field.kind.is_numeric() {
        Values::Numbers(vec![f64::NAN; column.len()])
    } else {
        let dictionary = Default::default();
        Values::Strings { codes: vec![MISSING_CODE; column.len()], dictionary }
    };
    Column { name: column.name.clone(), kind: field.kind, values }
}

/// Booleans in the words of the model's categories.
fn in_words(field: &Field, column: &Column) -> Column {
    let labels = Labels::new(&field.categories);
    let word = |value: bool| {
        let known = labels.of_boolean(value).and_then(|code| field.categories.get(code as usize));
        known.map_or(if value { "true" } else { "false" }, String::as_str)
    };
    let code = |row: usize| match &column.values {
        Values::Numbers(values) if !values[row].is_nan() => u32::from(values[row] != 0.0),
        _ => MISSING_CODE,
    };
    let codes = (0..column.len()).map(code).collect();
    Column::categories(&*column.name, codes, [word(false), word(true)].into_iter().collect())
}
