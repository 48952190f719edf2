//! The rows that the challenger is trained on, and those that it is judged by.

use std::path::Path;

use hedgerow_data::{Table, write_csv};
use hedgerow_renew::{HeldOut, Policy, hold_out, labelled, stacked};

use super::champion::Champion;
use crate::failure::Failure;
use crate::files::{self, ReadOptions};
use crate::track::{Recipe, RecordArgs, read_data};

/// What was read.
pub struct Rows {
    /// The new rows with a target.
    pub new: Table,
    pub old: Option<Table>,
    /// New rows that were left out, having no target.
    pub without_target: usize,
    /// Of the file of new rows, where they are to be kept.
    bytes: Option<Vec<u8>>,
}

/// What a challenger is made of.
pub struct Parts {
    /// The data set of the run.
    pub data: Table,
    pub train: Table,
    pub test: Table,
    pub bytes: Option<Vec<u8>>,
}

impl Rows {
    /// Reads them as the champion's rows were read.
    pub fn read(
        new: &Path,
        old: Option<&Path>,
        champion: &Champion,
        record: &RecordArgs,
    ) -> Result<Self, Failure> {
        let read = &champion.recipe.read;
        let (all, bytes) = read_data(new, record, read)?;
        let old = old.map(|path| -> Result<Table, Failure> {
            Ok(labelled(&champion.model, &files::read_table(path, read)?)?)
        });
        let new = labelled(&champion.model, &all)?;
        let without_target = all.rows() - new.rows();
        Ok(Self { new, old: old.transpose()?, without_target, bytes })
    }

    /// The two parts, and the recipe of a run that is done with them. Where the run's data set is the file of new
    /// rows itself, its recipe has the split, so that `hedgerow reproduce` needs nothing else.
    pub fn parts(self, champion: &Champion, policy: &Policy) -> Result<(Recipe, Parts), Failure> {
        let HeldOut { train, test } = hold_out(&champion.model, &self.new, &policy.hold_out)?;
        let mut recipe = champion.recipe.clone();
        if self.old.is_none() && policy.hold_out.time.is_none() {
            recipe.split = Some(policy.hold_out.drawn(&champion.model));
            recipe.read = recipe.read.without_missing(&champion.model.schema.target.name);
            recipe.data = self.new.sha256();
            return Ok((recipe, Parts { data: self.new, train, test, bytes: self.bytes }));
        }
        let also: Vec<&str> = recipe.train.sample_weight.as_deref().into_iter().collect();
        let train = match &self.old {
            Some(old) => stacked(&champion.model, old, &train, &also)?,
            None => train,
        };
        let data = stacked(&champion.model, &train, &test, &also)?;
        recipe.last = Some(test.rows());
        recipe.read = ReadOptions::of(&data);
        recipe.data = data.sha256();
        let bytes = self.bytes.map(|_| csv(&data)).transpose()?;
        let (train, test) = recipe.split(&data)?;
        Ok((recipe, Parts { data, train, test: test.unwrap_or_default(), bytes }))
    }
}

fn csv(table: &Table) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    files::printed(write_csv(table, &mut bytes))?;
    Ok(bytes)
}
