/**
 * What the page and its worker say to each other. The page calls by name and gets one answer; a call may
 * report progress on the way and may be cancelled.
 */
import type {
  Coefficient,
  ColumnSummary,
  Comparison,
  Declaration,
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
  ExperimentPlan,
  ExperimentReport,
  Finding,
  Judgement,
  MonitorReport,
  PlanOptions,
  PromotionRule,
  Rule,
  Segment,
} from 'hedgerow/monitor';
import type { Merged, Pulled, Pushed, Version, Workspace } from 'hedgerow/track';
import type { Anomalies } from '../lib/anomalies.ts';
import type { RunRecipe } from '../lib/challenger.ts';
import type { UnitColumns } from '../lib/experiment.ts';
import type { LearnerPlan, Plan } from '../lib/plan.ts';
import type { Reading, Recipe } from '../lib/recipe.ts';
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

/** Methods of the workspace that are calls by themselves: `track.runs` takes what `runs` takes, as a list. */
export const TRACKED = [
  'runs',
  'run',
  'series',
  'experiments',
  'compare',
  'noteRun',
  'deleteRun',
  'models',
  'promote',
  'rollback',
  'moves',
  'runLineage',
  'modelLineage',
  'audit',
  'verify',
] as const;

export type TrackCalls = {
  [Name in (typeof TRACKED)[number] as `track.${Name}`]: (
    args: Parameters<Workspace[Name]>,
  ) => Awaited<ReturnType<Workspace[Name]>>;
};

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

export interface Calls extends TrackCalls {
  openTable(args: { source: Blob; name: string; reading: Reading }): TableFacts;
  peek(args: { source: Blob; name: string; reading: Reading }): Peek | null;
  summarize(args: null): ColumnSummary[];
  rows(args: { start: number; end: number; columns: string[] }): Cell[][];
  setKind(args: { column: string; kind: Kind }): TableFacts;
  dropMissing(args: { column: string }): TableFacts;
  learners(args: null): Declaration[];
  /** No evaluation where no rows are kept back. */
  train(args: { plan: Plan; read: Recipe }): Trained;
  compare(args: Study & { learners: LearnerPlan[] }): Comparison;
  /** The best is trained on all rows; `useTuned` makes that the current model. */
  tune(args: Study): Tuning;
  useTuned(args: null): { model: ModelFacts; run: string | null };
  learningCurve(args: Study): LearningCurve;
  importance(args: null): Importance;
  evaluate(args: null): Evaluation;
  /** What a model that was trained without a target finds in the loaded table. */
  anomalies(args: null): Anomalies;
  openModel(args: { source: Blob }): ModelFacts;
  modelFile(args: null): Blob;
  tree(args: { index: number }): TreeFacts;
  predict(args: { row: Record<string, Cell> }): PredictedRow;
  exampleRow(args: { seed: number }): Record<string, Cell>;
  targets(args: null): TargetFacts[];
  /** Starts the exported module, too; `tryRow` asks it from then on. */
  exportTo(args: Export): Exported;
  zip(args: Export): Blob;
  routerZip(args: RouterExport): Blob;
  tryRow(args: { row: Record<string, Cell> }): Tried;
  predictTable(args: { source: Blob }): { csv: Blob; rows: number };
  /** In place of what was watched before, which stays where this one cannot be; and what the current model had seen
   * at the last visit. */
  watch(args: { watched: Watched; byTable: boolean }): { facts: WatchedFacts; before: SeenPlace[] };
  /** Counts the rows of a CSV, or reads a profile. */
  lookAtFile(args: { name: string; source: Blob }): Seen;
  lookAtService(args: { url: string; token: string }): Seen;
  /** An address for each day that a service has counted. */
  serviceDays(args: { url: string; token: string }): string[];
  /** Of all profiles together, or of the last of several in the order of time; without rules, by the usual ones. */
  driftReport(args: { profiles: Uint8Array[]; rules: Rule[] | null; windows: boolean }): MonitorReport;
  defaultRules(args: null): Rule[];
  /** Keeps what was seen by the current model for the next visit. */
  keepSeen(args: { sha256: string; places: SeenPlace[] }): void;
  /** Counts, or rows counted by columns; without those, by the ones whose names tell. */
  abFile(args: { name: string; source: Blob; by: UnitColumns | null }): AbFile;
  abService(args: { url: string; token: string }): Experiment;
  /** What was counted in all, and what that says. */
  abCompare(args: AbTest): { counts: Experiment; report: ExperimentReport };
  abPlan(args: Partial<PlanOptions>): ExperimentPlan;
  /** Why no challenger of the watched model can be trained, null where one can; and what its run says of it. */
  challengeable(args: null): { reason: string | null; recipe: RunRecipe | null };
  /** Trains a challenger of the watched model and judges both. */
  challenge(args: Challenge): Challenged;
  /** Registers the last challenger; with a reason it becomes the champion, unless that is another one meanwhile. */
  registerChallenger(args: { name: string; reason: string | null }): {
    version: Version;
    moved: Problem | null;
  };
  challengerFile(args: null): Blob;
  /** Waits for what is being recorded. */
  trackInfo(args: null): TrackInfo;
  artifact(args: { run: string; path: string }): Blob;
  /** The rows that it was tested on are there where the loaded table is the one of the run. */
  openRun(args: { run: string }): {
    model: ModelFacts;
    evaluation: Evaluation | null;
    measurable: boolean;
  };
  /** The model of a run, or the current model, whose run may be unknown. */
  registerModel(args: { name: string; run: string | null; current: boolean }): Version;
  noteExport(args: Export): number;
  noteRouter(args: RouterExport): number;
  setAuthor(args: { name: string }): void;
  downloadWorkspace(args: null): Blob;
  mergeFile(args: { source: Blob }): Merged;
  pushWorkspace(args: { url: string; token: string; models: boolean }): Pushed;
  pullExperiment(args: { url: string; token: string; experiment: string }): Pulled;
  restore(args: null): { table: TableFacts | null; model: ModelFacts | null; evaluation: Evaluation | null };
}

export type CallName = keyof Calls;
export type Args<Name extends CallName> = Parameters<Calls[Name]>[0];
export type Answer<Name extends CallName> = ReturnType<Calls[Name]>;

export type ToWorker =
  | { type: 'call'; id: number; name: CallName; args: Args<CallName> }
  | { type: 'cancel'; id: number };

export type ToPage =
  | { type: 'answer'; id: number; value: unknown }
  | { type: 'progress'; id: number; progress: Progress }
  | { type: 'problem'; id: number; problem: Problem };
