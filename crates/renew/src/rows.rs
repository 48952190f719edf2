//! Tables one below the other, and even samples of them.

use hedgerow_data::{Column, Dictionary, Table, Values};
use hedgerow_evaluate::column_for;
use hedgerow_model::{Field, MISSING_CODE, Model};

use crate::RenewError;

/// At most so many rows of a table, spread evenly over it, in their order.
pub(crate) fn evenly(table: &Table, most: usize) -> Table {
    let rows = table.rows();
    if rows <= most {
        return table.clone();
    }
    let chosen = (0..most).map(|index| (index as u128 * rows as u128 / most as u128) as u32);
    table.take(&chosen.collect::<Vec<_>>())
}

/// The rows of one table, then those of another: what a model reads, its target, and the columns `also`, as the
/// model knows them. All else is left out.
///
/// # Errors
/// [`hedgerow_evaluate::EvaluateError`] for a column that is missing, or does not convert.
pub fn stacked(
    model: &Model,
    first: &Table,
    second: &Table,
    also: &[&str],
) -> Result<Table, RenewError> {
    let kind = |name: &&str| Ok(Field::new(*name, first.column(name)?.kind));
    let mut fields = model.schema.features.clone();
    fields.push(model.schema.target.clone());
    for field in also.iter().map(kind).collect::<Result<Vec<_>, RenewError>>()? {
        if fields.iter().all(|other| other.name != field.name) {
            fields.push(field);
        }
    }
    let columns =
        fields.iter().map(|field| Ok(joined(known(field, first)?, known(field, second)?)));
    Ok(Table::new(columns.collect::<Result<_, RenewError>>()?)?)
}

/// A column as the model knows it.
///
/// # Errors
/// [`hedgerow_evaluate::EvaluateError`] for one that is missing, or does not convert.
pub(crate) fn known(field: &Field, table: &Table) -> Result<Column, RenewError> {
    Ok(of_kind(field, column_for(field, table.column(&field.name)?)?.into_owned()))
}

/// Of the kind that the model knows.
pub(crate) fn of_kind(field: &Field, column: Column) -> Column {
    Column { kind: field.kind, ..column }
}

/// A name that is not taken.
pub(crate) fn unused(wanted: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let mut name = wanted.to_owned();
    while is_taken(&name) {
        name.push('_');
    }
    name
}

/// The values of one column, then those of another of the same kind of values.
pub(crate) fn joined(first: Column, second: Column) -> Column {
    let Column { name, kind, values } = first;
    match (values, second.values) {
        (Values::Numbers(mut all), Values::Numbers(more)) => {
            all.extend(more);
            Column { name, kind, values: Values::Numbers(all) }
        }
        (
            Values::Strings { codes: mut all, dictionary },
            Values::Strings { codes, dictionary: others },
        ) => {
            let (start, n) = (dictionary.len() as u32, others.len() as u32);
            all.iter_mut().filter(|code| **code >= start).for_each(|code| *code = MISSING_CODE);
            all.extend(
                codes.iter().map(|&code| if code < n { start + code } else { MISSING_CODE }),
            );
            let words: Dictionary = dictionary.iter().chain(others.iter()).collect();
            Column { kind, ..Column::categories(name, all, words) }
        }
        // Not of one kind: too short, which a table refuses.
        (values, _) => Column { name, kind, values },
    }
}
