-- Runs are found and put in order without reading their rows, in which recipes lie.

DROP INDEX runs_by_start;
CREATE INDEX runs_by_start ON runs (started, ended, status, experiment, parent, name);
DROP INDEX runs_by_experiment;
CREATE INDEX runs_by_experiment ON runs (experiment, parent);
