/** Drives a study: tasks go to workers, or are done here, and what came of them goes into the study. */
import { type Crew, withCrew, withOne } from './crew.js';
import { Engine, type TaskEnd } from './engine.js';
import { calling, HedgerowError } from './error.js';
import { pauses } from './pause.js';
import { type Remote, workerCount } from './remote.js';
import { bytesOf, rawTable, type Table } from './table.js';
import {
  type Folding,
  type FoldTask,
  type Table as RawTable,
  Study,
  type StudyProgress,
} from './wasm/hedgerow.js';

/** How a study is run. What it finds does not depend on it, but for a time that is up. */
export interface RunOptions {
  /**
   * Workers that trainings are spread over. Default `'auto'`: one a processor, at most 8. 0 does
   * all in the calling thread, with pauses for the event loop; but where `linfa-cart` is trained, whose fit
   * is one long step, in a worker if one can be started.
   */
  workers?: number | 'auto';
  /** Aborting it ends the workers at once; the promise rejects with its reason. */
  signal?: AbortSignal;
}

/** What to run, as the engine reads it. */
export interface StudyPlan {
  train: object;
  folds: Partial<Folding>;
  metric?: string;
  study: string | object;
}

interface Running {
  study: Study;
  /** Called with what a study says of each task that ends. */
  onProgress: (progress: StudyProgress) => void;
  /** When no other candidate shall begin, by `performance.now()`. */
  until: number;
}

/** Runs a study to its end; the answer is its report. */
export function runStudy<R>(
  table: Table,
  plan: StudyPlan,
  options: RunOptions,
  onProgress: (progress: StudyProgress) => void,
  seconds?: number,
): Promise<R> {
  return withStudy(table, plan, options, onProgress, (study) => study.report() as R, seconds);
}

/** Runs a study to its end, and reads something off it. */
export async function withStudy<R>(
  table: Table,
  plan: StudyPlan,
  options: RunOptions,
  onProgress: (progress: StudyProgress) => void,
  read: (study: Study) => R,
  seconds = Number.POSITIVE_INFINITY,
): Promise<R> {
  options.signal?.throwIfAborted();
  const raw = rawTable(table).keep();
  const until = performance.now() + seconds * 1000;
  try {
    const pause = pauses(options.signal);
    const study = calling(() => new Study(raw, plan));
    try {
      // Rows were dealt, which takes its time where there are many.
      await pause();
      await runAnywhere({ study, onProgress, until }, raw, plan, options);
      options.signal?.throwIfAborted();
      return calling(() => read(study));
    } finally {
      study.free();
    }
  } finally {
    raw.free();
  }
}

async function runAnywhere(
  running: Running,
  table: RawTable,
  plan: StudyPlan,
  { workers, signal }: RunOptions,
): Promise<void> {
  const { study } = running;
  const here = () => runHere(running, table, signal);
  const elsewhere =
    (count: number) =>
    ({ open }: Crew) =>
      runWith(running, open, count, () => bytesOf(table, pauses(signal)), plan);
  // Even a tiny training takes long enough to be worth a worker.
  const count = Math.min(workerCount(workers, Number.POSITIVE_INFINITY), study.total);
  if (count > 0) return withCrew(signal, elsewhere(count));
  return study.fitsInOneStep ? withOne(signal, elsewhere(1), here) : here();
}

async function runHere(running: Running, table: RawTable, signal: AbortSignal | undefined): Promise<void> {
  const pause = pauses(signal);
  const engine = new Engine();
  try {
    engine.use(calling(() => running.study.plan(table)));
    for (let task = next(running); task; task = next(running)) {
      note(running, task, await engine.do(task, pause));
      await pause();
    }
  } finally {
    engine.end();
  }
}

/** Every worker gets the table once, then task after task. */
async function runWith(
  running: Running,
  open: () => Promise<Remote>,
  count: number,
  table: () => Promise<Uint8Array>,
  plan: StudyPlan,
): Promise<void> {
  let underWay = 0;
  let wake: (() => void)[] = [];
  const awake = () => {
    for (const go of wake) go();
    wake = [];
  };
  await Promise.all(
    Array.from({ length: count }, async () => {
      const remote = await open();
      const bytes = await table();
      await remote.call('plan', [bytes, plan], { transfer: [bytes.buffer as ArrayBuffer] });
      for (;;) {
        const task = next(running);
        if (task) {
          underWay++;
          const end = await remote.call('task', [task]);
          underWay--;
          note(running, task, end);
          awake();
        } else if (underWay > 0) {
          // What ends next may begin another round.
          await new Promise<void>((resolve) => wake.push(resolve));
        } else {
          return;
        }
      }
    }),
  );
}

function next({ study, until }: Running): FoldTask | undefined {
  if (performance.now() > until) study.stop();
  return calling(() => study.next());
}

function note({ study, onProgress }: Running, task: FoldTask, end: TaskEnd): void {
  const { seconds } = end;
  onProgress(
    calling(() =>
      'error' in end
        ? study.fail(task, end.error.code, end.error.message, seconds)
        : study.add(task, end.outcome, seconds),
    ),
  );
}

/** An option that must be a number above 0. */
export function positive(name: string, value: number): number {
  if (value > 0) return value;
  throw new HedgerowError(
    `the option ${name} is ${String(value)}, but must be a number above 0. Change it, or leave it out.`,
    'bad_option',
    { value: String(value) },
  );
}
