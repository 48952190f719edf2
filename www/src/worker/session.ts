/** What the worker holds between calls. */
import type { Model, Table } from 'hedgerow';
import type { Handler, Scorer } from 'hedgerow/edge';
import type { Monitor } from 'hedgerow/monitor';
import type { Split } from '../lib/plan.ts';
import type { CsvReading } from '../lib/run-reading.ts';
import { readableTrees } from '../lib/tree.ts';
import type { ColdStart, Evaluation, ModelFacts, Problem, SeenPlace, TableFacts } from './protocol.ts';

/** An exported module that runs, and the service around it. */
export interface Started {
  /** The model and the name it was exported by. */
  of: string;
  start: ColdStart;
  scorer: Scorer;
  handler: Handler;
}

/** A version of a registered model, with the hash of its file. */
export interface Registered {
  name: string;
  version: number;
  sha256: string;
}

/** A watched model, with where it came from as far as that is known. */
export interface Champion {
  model: Model;
  called: string;
  /** That made it. */
  run: string | null;
  registered: Registered | null;
  /** The file that it was opened from. */
  source: Blob | null;
  /** How its run read rows, where that is not as usual. */
  reading: CsvReading;
}

export interface Session {
  table: { name: string; table: Table } | undefined;
  model: Model | undefined;
  /** What the last tuning trained on all rows, and the run that it is recorded in. */
  tuned: { model: Model; run: Promise<string | null> } | undefined;
  /** The exported module that is tried. */
  started: Started | undefined;
  /** What the watched model's new rows are compared by. */
  monitor: Monitor | undefined;
  champion: Champion | undefined;
  /** What was trained last to take a champion's place, and what is said of it. */
  challenger:
    | {
        model: Model;
        run: Promise<string | null>;
        champion: Champion;
        tags: Record<string, string>;
        reason: string;
      }
    | undefined;
  /** The rows that the shown evaluation was made on. */
  tested: Table | undefined;
}

export const session: Session = {
  table: undefined,
  model: undefined,
  tuned: undefined,
  started: undefined,
  monitor: undefined,
  champion: undefined,
  challenger: undefined,
  tested: undefined,
};

/** What is kept in the store, by name. */
export interface Kept {
  table: { name: string; bytes: Uint8Array };
  model: Uint8Array;
  evaluation: { evaluation: Evaluation; split: Split | null; table: string };
  seen: { sha256: string; places: SeenPlace[] };
}

/** An error with a code of its own, for what the package cannot know. */
export class Refusal extends Error implements Problem {
  readonly code: string;
  readonly details: Problem['details'] = {};
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The loaded table with its name. */
export function theLoaded(): { name: string; table: Table } {
  if (session.table) return session.table;
  throw new Refusal('no_table', 'There is no table yet. Load one in the Data view.');
}

export function theTable(): Table {
  return theLoaded().table;
}

export function theModel(): Model {
  if (session.model) return session.model;
  throw new Refusal('no_model', 'There is no model yet. Train one, or open a model file.');
}

export function tableFacts(): TableFacts | null {
  if (!session.table) return null;
  const { name, table } = session.table;
  return { name, rows: table.numRows, columns: table.schema };
}

export function modelFacts(model: Model, bytes: number): ModelFacts {
  const { learner } = model.info.provenance;
  const trees = readableTrees(learner.kind, learner.params);
  const coefficients = model.coefficients();
  return { info: model.info, sha256: model.sha256, bytes, trees, coefficients };
}
