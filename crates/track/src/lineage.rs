//! Where something came from, and what was made of it: data sets → runs → versions → exports.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};
use serde::Serialize;

use crate::error::Result;
use crate::workspace::Workspace;

/// What is connected with a run or a registered model.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Lineage {
    pub nodes: Vec<Node>,
    /// From what something came, to it; by their ids.
    pub edges: Vec<(String, String)>,
}

/// A data set, run, version or export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
pub struct Node {
    /// `dataset:ID`, `run:ID`, `version:ID` or `export:HASH`.
    pub id: String,
    pub kind: NodeKind,
    pub label: String,
}

/// What a node is, in the order in which data goes through them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "ts", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum NodeKind {
    Dataset,
    Run,
    Version,
    Export,
}

/// Each gives the ids and labels of both ends of the edges of a run.
const INPUTS: &str = "SELECT 'dataset:' || datasets.id, datasets.name, 'run:' || runs.id, runs.name \
    FROM inputs JOIN datasets ON datasets.number = dataset JOIN runs ON runs.number = run \
    WHERE runs.id = ? ORDER BY 1";
const VERSIONS: &str = "SELECT 'run:' || runs.id, runs.name, 'version:' || versions.id, \
    models.name || '/' || version FROM versions JOIN models ON models.number = model \
    JOIN runs ON runs.number = run WHERE runs.id = ? ORDER BY 3";
const EXPORTS: &str = "SELECT 'version:' || versions.id, models.name || '/' || versions.version, \
    'export:' || exports.sha256, target FROM exports \
    JOIN versions ON versions.number = exports.version JOIN models ON models.number = model \
    WHERE versions.id = ? ORDER BY at, target";

impl Workspace {
    /// What went into a run and what came of it.
    ///
    /// # Errors
    /// [`TrackError::Missing`](crate::TrackError::Missing); what storage refuses.
    pub fn run_lineage(&self, run: &str) -> Result<Lineage> {
        let found = self.run(run)?;
        let mut lineage = Builder::new(&self.db);
        lineage.node(&format!("run:{run}"), NodeKind::Run, &found.name);
        lineage.run(run)?;
        Ok(lineage.finish())
    }

    /// What the versions of a registered model came from, and what was made of them.
    ///
    /// # Errors
    /// As [`Workspace::run_lineage`].
    pub fn model_lineage(&self, name: &str) -> Result<Lineage> {
        let mut lineage = Builder::new(&self.db);
        for version in self.model(name)?.versions.iter().rev() {
            let label = format!("{name}/{}", version.version);
            lineage.node(&format!("version:{}", version.id), NodeKind::Version, &label);
            if let Some(run) = &version.run {
                lineage.inputs(run)?;
                lineage.edge_to(run, &version.id, &label, &self.run(run)?.name);
            }
            lineage.exports(&version.id)?;
        }
        Ok(lineage.finish())
    }
}

struct Builder<'d> {
    db: &'d Connection,
    seen: BTreeSet<String>,
    edges: BTreeSet<(String, String)>,
    lineage: Lineage,
}

impl<'d> Builder<'d> {
    fn new(db: &'d Connection) -> Self {
        Self { db, seen: BTreeSet::new(), edges: BTreeSet::new(), lineage: Lineage::default() }
    }

    fn run(&mut self, run: &str) -> Result<()> {
        self.inputs(run)?;
        for version in self.edges(VERSIONS, run, NodeKind::Run, NodeKind::Version)? {
            self.exports(version.trim_start_matches("version:"))?;
        }
        Ok(())
    }

    fn inputs(&mut self, run: &str) -> Result<()> {
        self.edges(INPUTS, run, NodeKind::Dataset, NodeKind::Run).map(drop)
    }

    fn exports(&mut self, version: &str) -> Result<()> {
        self.edges(EXPORTS, version, NodeKind::Version, NodeKind::Export).map(drop)
    }

    fn edge_to(&mut self, run: &str, version: &str, label: &str, run_name: &str) {
        let (from, to) = (format!("run:{run}"), format!("version:{version}"));
        self.node(&from, NodeKind::Run, run_name);
        self.node(&to, NodeKind::Version, label);
        self.edge(from, to);
    }

    /// Adds the edges of a query; gives the ids they lead to.
    fn edges(&mut self, sql: &str, id: &str, from: NodeKind, to: NodeKind) -> Result<Vec<String>> {
        let mut statement = self.db.prepare_cached(sql)?;
        let mut rows = statement.query(params![id])?;
        let mut ends = Vec::new();
        while let Some(row) = rows.next()? {
            let (start, end): (String, String) = (row.get(0)?, row.get(2)?);
            self.node(&start, from, &row.get::<_, String>(1)?);
            self.node(&end, to, &row.get::<_, String>(3)?);
            self.edge(start, end.clone());
            ends.push(end);
        }
        Ok(ends)
    }

    fn node(&mut self, id: &str, kind: NodeKind, label: &str) {
        if self.seen.insert(id.to_owned()) {
            let (id, label) = (id.to_owned(), label.to_owned());
            self.lineage.nodes.push(Node { id, kind, label });
        }
    }

    fn edge(&mut self, from: String, to: String) {
        if self.edges.insert((from.clone(), to.clone())) {
            self.lineage.edges.push((from, to));
        }
    }

    fn finish(mut self) -> Lineage {
        self.lineage.nodes.sort_by_key(|node| node.kind);
        self.lineage
    }
}
