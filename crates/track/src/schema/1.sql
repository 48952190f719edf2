-- A Hedgerow workspace. Times are milliseconds since 1970, UTC. Ids are the first 32 hexadecimal digits of a
-- SHA-256, so that workspaces can be merged; rows refer to each other by SQLite's own numbers.

CREATE TABLE experiments (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE,
  created INTEGER NOT NULL
) STRICT;

CREATE TABLE runs (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  experiment INTEGER NOT NULL REFERENCES experiments (number),
  parent INTEGER REFERENCES runs (number),
  name TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('RUNNING', 'FINISHED', 'FAILED', 'KILLED')),
  started INTEGER NOT NULL,
  ended INTEGER,
  note TEXT NOT NULL DEFAULT '',
  -- What was asked for, as JSON: enough to train again.
  recipe TEXT NOT NULL,
  CHECK ((status = 'RUNNING') = (ended IS NULL))
) STRICT;
CREATE INDEX runs_by_start ON runs (started);
CREATE INDEX runs_by_experiment ON runs (experiment, started);
CREATE INDEX runs_by_parent ON runs (parent);

CREATE TABLE params (
  run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (run, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX params_by_value ON params (key, value, run);

CREATE TABLE tags (
  run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (run, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX tags_by_value ON tags (key, value, run);

-- One a metric of a run, with its last point; NULL is not a number.
CREATE TABLE series (
  number INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  key TEXT NOT NULL,
  step INTEGER NOT NULL,
  at INTEGER NOT NULL,
  value REAL,
  UNIQUE (run, key)
) STRICT;
CREATE INDEX series_by_value ON series (key, value, run);

CREATE TABLE points (
  series INTEGER NOT NULL REFERENCES series (number) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  at INTEGER NOT NULL,
  value REAL,
  PRIMARY KEY (series, step, at)
) STRICT, WITHOUT ROWID;

-- Bytes by their content: what is kept twice is stored once.
CREATE TABLE blobs (
  number INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  bytes BLOB NOT NULL
) STRICT;

CREATE TABLE artifacts (
  run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  path TEXT NOT NULL,
  blob INTEGER NOT NULL REFERENCES blobs (number),
  PRIMARY KEY (run, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX artifacts_by_blob ON artifacts (blob);

-- Versions of data sets: the id is the content hash of the table.
CREATE TABLE datasets (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  created INTEGER NOT NULL,
  n_rows INTEGER NOT NULL,
  -- Summaries of the columns, as JSON.
  profile TEXT NOT NULL,
  -- The file, where it was asked to be kept.
  blob INTEGER REFERENCES blobs (number)
) STRICT;

CREATE TABLE inputs (
  run INTEGER NOT NULL REFERENCES runs (number) ON DELETE CASCADE,
  dataset INTEGER NOT NULL REFERENCES datasets (number),
  context TEXT NOT NULL,
  PRIMARY KEY (run, dataset, context)
) STRICT, WITHOUT ROWID;
CREATE INDEX inputs_by_dataset ON inputs (dataset);

CREATE TABLE models (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  description TEXT NOT NULL DEFAULT '',
  created INTEGER NOT NULL
) STRICT;

CREATE TABLE versions (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  model INTEGER NOT NULL REFERENCES models (number),
  version INTEGER NOT NULL,
  run INTEGER REFERENCES runs (number),
  blob INTEGER NOT NULL REFERENCES blobs (number),
  description TEXT NOT NULL DEFAULT '',
  created INTEGER NOT NULL,
  UNIQUE (model, version)
) STRICT;
CREATE INDEX versions_by_run ON versions (run);

CREATE TABLE version_tags (
  version INTEGER NOT NULL REFERENCES versions (number),
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (version, key)
) STRICT, WITHOUT ROWID;

-- Where aliases pointed, one row a move; the last one is where it points. No version: it was taken away.
CREATE TABLE moves (
  number INTEGER PRIMARY KEY,
  model INTEGER NOT NULL REFERENCES models (number),
  alias TEXT NOT NULL,
  version INTEGER REFERENCES versions (number),
  at INTEGER NOT NULL,
  author TEXT NOT NULL,
  reason TEXT NOT NULL,
  -- 1 for a rollback, which takes the move before it back.
  back INTEGER NOT NULL CHECK (back IN (0, 1))
) STRICT;
CREATE INDEX moves_by_alias ON moves (model, alias, number);

CREATE TABLE exports (
  version INTEGER NOT NULL REFERENCES versions (number),
  target TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (version, target, sha256)
) STRICT, WITHOUT ROWID;

-- What of this was sent where: `state` is how far it went, as JSON.
CREATE TABLE pushes (
  server TEXT NOT NULL,
  kind TEXT NOT NULL,
  local TEXT NOT NULL,
  remote TEXT NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (server, kind, local)
) STRICT, WITHOUT ROWID;

-- What changed, in order. Each hash is over its row and the hash before it.
CREATE TABLE audit (
  number INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  author TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  reason TEXT NOT NULL,
  -- SHA-256 of the subject's record as it was after the change.
  digest TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_subject ON audit (subject, number);
