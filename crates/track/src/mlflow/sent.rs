//! What a workspace remembers of what it sent.

use rusqlite::{OptionalExtension, params};

use crate::error::Result;
use crate::workspace::Workspace;

/// What was sent: which it is at the server, and how far it went.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sent {
    pub remote: String,
    pub state: String,
}

impl Workspace {
    pub(crate) fn sent(&self, server: &str, kind: &str, local: &str) -> Result<Option<Sent>> {
        let sql = "SELECT remote, state FROM pushes WHERE server = ? AND kind = ? AND local = ?";
        let mut statement = self.db.prepare_cached(sql)?;
        let sent = |row: &rusqlite::Row<'_>| Ok(Sent { remote: row.get(0)?, state: row.get(1)? });
        Ok(statement.query_row(params![server, kind, local], sent).optional()?)
    }

    pub(crate) fn remember(
        &mut self,
        server: &str,
        kind: &str,
        local: &str,
        sent: &Sent,
    ) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO pushes VALUES (?, ?, ?, ?, ?)";
        let values = params![server, kind, local, sent.remote, sent.state];
        self.db.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    pub(crate) fn forget(&mut self, server: &str, kind: &str, local: &str) -> Result<()> {
        let sql = "DELETE FROM pushes WHERE server = ? AND kind = ? AND local = ?";
        self.db.prepare_cached(sql)?.execute(params![server, kind, local])?;
        Ok(())
    }

    /// Nothing of this was sent: keys that are `local`, or begin with it and a space.
    pub(crate) fn forget_local(&mut self, server: &str, local: &str) -> Result<()> {
        let sql = "DELETE FROM pushes WHERE server = ?1 \
                   AND (local = ?2 OR substr(local, 1, length(?2) + 1) = ?2 || ' ')";
        self.db.prepare_cached(sql)?.execute(params![server, local])?;
        Ok(())
    }

    /// Nothing was sent to this server, or came from it.
    pub(crate) fn forget_server(&mut self, server: &str) -> Result<()> {
        self.db.execute("DELETE FROM pushes WHERE server = ?", [server])?;
        Ok(())
    }

    /// The keys of what was sent of a kind that begin with `prefix`.
    pub(crate) fn sent_keys(&self, server: &str, kind: &str, prefix: &str) -> Result<Vec<String>> {
        let sql = "SELECT local FROM pushes WHERE server = ?1 AND kind = ?2 \
                   AND substr(local, 1, length(?3)) = ?3 ORDER BY local";
        let mut statement = self.db.prepare_cached(sql)?;
        let rows = statement.query_map(params![server, kind, prefix], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
