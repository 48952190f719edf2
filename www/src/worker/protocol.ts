/** What the page and its worker say to each other: the data of the calls (`calls.ts`). */
import type {
  Coefficient,
  ColumnSummary,
  Comparison,
  Importance,
  Kind,
  LearningCurve,
  ModelInfo,
  Report,
  TargetFacts,
  Tuning,
} from 'hedgerow';
import type {
  CompareOptions,
  Counted,
  Experiment,
  Finding,
  Judgement,
  MonitorReport,
  PromotionRule,
  Segment,
} from 'hedgerow/monitor';
import type { UnitColumns } from '../lib/experiment.ts';
import type { Plan } from '../lib/plan.ts';
import type { Recipe } from '../lib/recipe.ts';
import type { CsvReading } from '../lib/run-reading.ts';
import type { StudyChoice, StudyStep } from '../lib/studies.ts';
import type { TreeNode } from '../lib/tree.ts';

export type {
  ColumnSummary,
  Comparison,
  Importance,
  Kind,
  LearningCurve,
  ModelInfo,
  Report,
  TargetFacts,
  Tuning,
};

/** A value of a table as it is shown. Dates are milliseconds since 1970. */
export type Cell = number | string | boolean | null;

export type Encoding = 'utf-8' | 'latin1';

/** The loaded table, without its values. */
export interface TableFacts {
  name: string;
  rows: number;
  columns: { name: string; kind: Kind }[];
}

/** The first rows of a file that is still being read; cells column by column. */
export interface Peek {
  facts: TableFacts;
  cells: Cell[][];
}

/** A tree as it is drawn, and as text. */
export interface TreeFacts {
  root: TreeNode;
  text: string;
}

export interface ModelFacts {
  info: ModelInfo;
  sha256: string;
  bytes: number;
  /** Of trees; 0 of a model that has none. */
  trees: number;
  /** Of a linear model; else none. */
  coefficients: Coefficient[];
}

/** What a model is worth on rows that it has not seen. */
export interface Evaluation {
  report: Report;
  /** How the rows came about, for the sentence under the score. */
  rows: number;
  on: 'test' | 'table';
}

export type ClassShare = { label: string; share: number };

export type PredictedRow =
  | { task: 'classification'; label: string; shares: ClassShare[] }
  | { task: 'regression'; value: number };

/** What a model is exported to, and what the service is called; by default as what it predicts. */
export interface Export {
  target: TargetFacts['name'];
  name: string | null;
}

/** The current model and another behind one address. */
export interface RouterExport {
  challenger: Watched;
  /** The share of units that the challenger answers, 0 to 1. */
  weight: number;
  name: string | null;
}

/** A file of an export. */
export interface ExportedFacts {
  path: string;
  bytes: number;
  gzipped: number;
  /** What a text file says. */
  text: string | null;
}

/** Milliseconds until the exported module has answered its first row. */
export interface ColdStart {
  compile: number;
  instantiate: number;
  answer: number;
}

/** A model as exported. */
export interface Exported {
  name: string;
  files: ExportedFacts[];
  /** None where there is no module among the files. */
  start: ColdStart | null;
}

/** A row as the exported module answers it. */
export interface Tried {
  predicted: PredictedRow;
  /** Whether the model itself says the same, to the last bit. */
  same: boolean;
  /** The question over HTTP, and the service's answer. */
  http: { path: string; body: string; status: number; answer: string };
}

/** The model to watch: the current one, one from a file, or a registered version. */
export type Watched =
  | { from: 'current'; run: string | null }
  | { from: 'file'; name: string; source: Blob }
  | { from: 'version'; name: string; version: number };

/** The model that is watched. */
export interface WatchedFacts {
  /** As the command line is told of it; null of the current one. */
  name: string | null;
  info: ModelInfo;
  sha256: string;
  /** Its file, where it was opened as one. */
  file: string | null;
  /** As NAME/3, where it is a registered version. */
  version: string | null;
  /** How its run read rows, where that is not as usual. */
  reading: CsvReading;
  /** What new rows are compared with: the model's own profile, the loaded table, or nothing yet. */
  reference: 'model' | 'table' | null;
  /** Why not with the model's own profile. */
  problem: Problem | null;
}

/** New rows from one place, counted. */
export interface Seen {
  kind: 'rows' | 'profile' | 'service';
  profile: Uint8Array;
  findings: Finding[];
  /** What they are alone, by no rules. */
  report: MonitorReport;
  /** Where the model is wrong most; of rows that have the target. */
  segments: Segment[];
  /** The time that they are of, in milliseconds, where a date column tells. */
  at: number | null;
}

/** A place of new rows, as it is kept for the next visit. */
export interface SeenPlace {
  name: string;
  seen: Seen;
}

/** A column of a table of units, with its words where those are few. */
export interface AbColumn {
  name: string;
  kind: Kind;
  words: string[];
}

/** A file of an A/B test: counts, or rows of units, which are counted by columns. */
export interface AbFile {
  /** None where there are no rows but counts. */
  columns: AbColumn[] | null;
  /** By which it was counted. */
  by: UnitColumns | null;
  counted: Counted | null;
}

/** Parts of an A/B test together, and what is told where they do not tell it themselves. */
export interface AbTest {
  counts: Experiment[];
  control: string | null;
  weights: Record<string, number>;
  options: Partial<CompareOptions>;
}

/** What a challenger is made of: the watched model's learner, a file of new rows, and the rule it is judged by. */
export interface Challenge {
  name: string;
  source: Blob;
  rule: Partial<PromotionRule>;
}

/** A challenger, and what is said of it. */
export interface Challenged {
  judgement: Judgement;
  /** Of both on the rows held out. */
  champion: Report;
  challenger: Report;
  sha256: string;
  trainedOn: number;
  withoutTarget: number;
  run: string | null;
  /** The registered model that the champion is a version of, and that version. */
  registered: { name: string; version: number } | null;
}

/** What came of a training; the run is the one that it is recorded in. */
export interface Trained {
  model: ModelFacts;
  evaluation: Evaluation | null;
  run: string | null;
}

export interface Progress {
  phase: 'read' | 'prepare' | 'fit' | 'finish' | 'adjust' | 'profile' | 'evaluate' | 'study' | 'transfer';
  done: number;
  total: number;
  score?: { name: string; value: number };
  /** What of a study has just ended. */
  step?: StudyStep;
  /** What a push or a pull is at, and in how many seconds a server that gave no good answer is asked again. */
  transfer?: { at: string; wait: number | null };
}

/** What to find out by cross-validation: the plan's split does not matter, its seed does. */
export interface Study {
  plan: Plan;
  choice: StudyChoice;
  /** How the file was read. */
  read: Recipe;
}

/** A problem with its place: what went wrong, where, and the stable code. */
export interface Problem {
  code: string;
  message: string;
  details: { row?: number; line?: number; column?: string; value?: string };
}

/** Where the workspace is, and whether the last run is in it. */
export interface TrackInfo {
  /** In memory only: the browser has no files for this page. */
  memory: boolean;
  /** Bytes that all of this page's origin uses, and may use. */
  usage: number;
  quota: number | null;
  /** Whether it stays when the disk is full. */
  persisted: boolean;
  /** Who the audit log says it was. */
  author: string;
  /** What could not be recorded of the last run. */
  problem: Problem | null;
}
