/**
 * What the page asks of its worker. It calls by name and gets one answer; a call may report progress on the way and may
 * be cancelled.
 */
import type { Declaration } from 'hedgerow';
import type {
  Experiment,
  ExperimentPlan,
  ExperimentReport,
  MonitorReport,
  PlanOptions,
  Rule,
} from 'hedgerow/monitor';
import type { Merged, Pulled, Pushed, Version, Workspace } from 'hedgerow/track';
import type { Anomalies } from '../lib/anomalies.ts';
import type { RunRecipe } from '../lib/challenger.ts';
import type { UnitColumns } from '../lib/experiment.ts';
import type { LearnerPlan, Plan } from '../lib/plan.ts';
import type { Reading, Recipe } from '../lib/recipe.ts';
import type {
  AbFile,
  AbTest,
  Cell,
  Challenge,
  Challenged,
  ColumnSummary,
  Comparison,
  Evaluation,
  Export,
  Exported,
  Importance,
  Kind,
  LearningCurve,
  ModelFacts,
  Peek,
  PredictedRow,
  Problem,
  Progress,
  RouterExport,
  Seen,
  SeenPlace,
  Study,
  TableFacts,
  TargetFacts,
  TrackInfo,
  Trained,
  TreeFacts,
  Tried,
  Tuning,
  Watched,
  WatchedFacts,
} from './protocol.ts';

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
