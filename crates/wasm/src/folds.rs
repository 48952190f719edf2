//! Options of `Table.folds`.

use hedgerow_data::{DEFAULT_SEED, DataError, Fold, Table, k_folds, stratified_k_folds};
use serde::Deserialize;

/// How rows are dealt into folds.
#[derive(Debug, Clone, PartialEq, Deserialize, tsify::Tsify)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct FoldOptions {
    /// Number of folds, from 2. Default 5.
    #[tsify(optional)]
    k: usize,
    /// The same seed gives the same folds. Default 42.
    #[tsify(optional, type = "number")]
    seed: u64,
    /// A column whose values all folds shall have in equal shares.
    #[tsify(optional)]
    stratify: Option<String>,
    /// Whether rows are dealt in random order; without, folds are runs of rows. Default true.
    #[tsify(optional)]
    shuffle: bool,
}

impl Default for FoldOptions {
    fn default() -> Self {
        Self { k: 5, seed: DEFAULT_SEED, stratify: None, shuffle: true }
    }
}

impl FoldOptions {
    /// The folds of a table's rows.
    pub fn folds(&self, table: &Table) -> Result<Vec<Fold>, DataError> {
        match &self.stratify {
            Some(name) => stratified_k_folds(table.column(name)?, self.k, self.seed, self.shuffle),
            None => k_folds(table.rows(), self.k, self.seed, self.shuffle),
        }
    }
}
