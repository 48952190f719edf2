//! A prediction in pieces, for callers that must do other things between them.

use std::{borrow::Cow, ops::Range};

use hedgerow_data::{Column, Table};
use hedgerow_model::{Model, ModelError, Prediction};

use crate::{EvaluateError, columns_for};

/// Rows whose features are made at a time.
const BLOCK: usize = 16_384;

/// A prediction for some rows of a table, under way: to the bit what [`Model::predict`] gives.
#[derive(Debug, Clone)]
pub struct Predicting {
    columns: Vec<Place>,
    rows: Vec<u32>,
    /// The places in `rows` of those whose features are at hand.
    block: Range<usize>,
    features: Vec<Vec<f64>>,
    done: usize,
    values: Vec<f64>,
}

/// Where a column is that the model reads.
#[derive(Debug, Clone)]
enum Place {
    Table(usize),
    Converted(Column),
}

impl Predicting {
    /// Of rows of the table that there are.
    ///
    /// # Errors
    /// As [`columns_for`]; [`ModelError::Damaged`] for a model that reads no column.
    pub fn new(model: &Model, table: &Table, rows: Vec<u32>) -> Result<Self, EvaluateError> {
        let fields = &model.schema.features;
        if fields.is_empty() {
            let reason = "it reads no column, so it cannot tell how many rows to predict";
            return Err(ModelError::Damaged { reason: reason.to_owned() }.into());
        }
        let place = |(column, name): (Cow<Column>, &str)| match column {
            Cow::Owned(column) => Ok(Place::Converted(column)),
            Cow::Borrowed(_) => Ok(Place::Table(table.position(name)?)),
        };
        let names = fields.iter().map(|field| field.name.as_str());
        let columns = columns_for(model, table)?.into_columns().zip(names).map(place);
        Ok(Self {
            columns: columns.collect::<Result<_, EvaluateError>>()?,
            values: Vec::with_capacity(rows.len() * model.estimator.n_outputs()),
            rows,
            block: 0..0,
            features: Vec::new(),
            done: 0,
        })
    }

    /// Goes on by at most so many rows of the same table, with the same model; how many. `None` when all
    /// are done.
    ///
    /// # Errors
    /// As [`Model::predict`].
    pub fn advance(
        &mut self,
        model: &Model,
        table: &Table,
        most: usize,
    ) -> Result<Option<usize>, EvaluateError> {
        if self.done == self.rows.len() {
            return Ok(None);
        }
        if self.done == self.block.end {
            self.prepare(model, table)?;
        }
        let from = self.done - self.block.start;
        let rows = from..self.block.len().min(from.saturating_add(most.max(1)));
        let features = slices(self.features.iter().map(Vec::as_slice), &rows);
        self.values.extend(model.outputs(&features, rows.len()));
        self.done += rows.len();
        Ok(Some(rows.len()))
    }

    /// Makes the features of the next rows.
    fn prepare(&mut self, model: &Model, table: &Table) -> Result<(), EvaluateError> {
        let start = self.done;
        self.block = start..self.rows.len().min(start + BLOCK);
        let rows = &self.rows[self.block.clone()];
        let take = |place: &Place| match place {
            Place::Table(position) => table.columns()[*position].take(rows),
            Place::Converted(column) => column.take(rows),
        };
        let columns: Vec<Column> = self.columns.iter().map(take).collect();
        let raw: Vec<_> = columns.iter().map(Column::raw).collect();
        let features = model.features(&raw).map_err(|error| match error {
            ModelError::NotFinite { column, row } => {
                ModelError::NotFinite { column, row: row + start as u64 }
            }
            error => error,
        })?;
        self.features = features.into_iter().map(Cow::into_owned).collect();
        Ok(())
    }

    /// What was predicted so far: the outputs of one row after the other.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// What was predicted, once all is done.
    pub fn finish(self, model: &Model) -> Prediction {
        Prediction {
            n_outputs: model.estimator.n_outputs(),
            values: self.values,
            threshold: model.threshold,
        }
    }
}

/// Of every feature a range of rows.
pub(crate) fn slices<'a>(
    features: impl IntoIterator<Item = &'a [f64]>,
    rows: &Range<usize>,
) -> Vec<Cow<'a, [f64]>> {
    features.into_iter().map(|feature| Cow::Borrowed(&feature[rows.clone()])).collect()
}
