//! What a query found, as SQL sees it: a function of a row number.

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

use super::set::RunSet;
use super::sql::FOUND;
use crate::error::Result;

/// The runs that the last query found.
#[derive(Debug, Clone, Default)]
pub struct Found(Arc<Mutex<RunSet>>);

impl Found {
    /// Makes the function known to a connection.
    ///
    /// # Errors
    /// None but for want of memory.
    pub fn of(db: &Connection) -> Result<Self> {
        let found = Self::default();
        let Self(set) = found.clone();
        // For statements of this crate only: a file's schema cannot call it.
        let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DIRECTONLY;
        db.create_scalar_function(FOUND, 1, flags, move |context| {
            let set = set.lock().unwrap_or_else(PoisonError::into_inner);
            Ok(set.contains(context.get(0)?))
        })?;
        Ok(found)
    }

    pub(super) fn keep(&self, set: RunSet) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = set;
    }
}
