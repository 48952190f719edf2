/** How trainings and studies become runs of the workspace. */
import type { RunRecorder, Table } from 'hedgerow';
import type { ActiveRun, ChildOptions, StartOptions } from 'hedgerow/track';
import type { Problem } from './protocol.ts';
import { theWorkspace } from './workspace.ts';

type EndStatus = 'FINISHED' | 'FAILED' | 'KILLED';

/** What could not be recorded of the last run, if anything. */
let lastProblem: Problem | null = null;
let underWay: Promise<unknown> = Promise.resolve();
let open = 0;

/** Whether a training or study is being recorded. */
export function isRecording(): boolean {
  return open > 0;
}

/** Waits for all that is being recorded; the problem with the last of it. */
export async function recorded(): Promise<Problem | null> {
  await underWay;
  return lastProblem;
}

/** What a run is begun with, made when the workspace is open. */
export type Begin = () => StartOptions;

/** Begins a run of the table of a file. */
export async function start(file: string, begin: Begin): Promise<ActiveRun> {
  lastProblem = null;
  const workspace = await theWorkspace();
  return workspace.startRun({ experiment: experimentOf(file), ...begin() });
}

/**
 * A run that is under way. What is recorded neither waits for the workspace nor fails with it: all of it is
 * done in order behind the training, and a problem is kept to be told.
 */
export class Recording implements RunRecorder {
  /** Null where there is none. */
  readonly id: Promise<string | null>;
  readonly #run: Promise<ActiveRun | null>;
  readonly #table: { name: string; table: Table };
  #failed = false;

  constructor(table: { name: string; table: Table }, run: Promise<ActiveRun | null>) {
    this.#table = table;
    open += 1;
    this.#run = run.catch((error: unknown) => this.#fail(error));
    this.id = this.#run.then((run) => run?.id ?? null);
    underWay = Promise.all([underWay, this.#run]);
  }

  logMetric(key: string, value: number, options?: { step?: number }): void {
    this.log((run) => run.logMetric(key, value, options));
  }

  async logParams(params: Record<string, string | number | boolean>): Promise<void> {
    this.log((run) => run.logParams(params));
  }

  async setTags(tags: Record<string, string>): Promise<void> {
    this.log((run) => run.setTags(tags));
  }

  async logArtifact(path: string, content: Uint8Array | string): Promise<void> {
    this.log((run) => run.logArtifact(path, content));
  }

  /** The whole table, of which the rows to learn from were only a part. */
  async logInput(): Promise<void> {
    const { table, name } = this.#table;
    this.log((run) => run.logInput(table, 'training', name));
  }

  async child(options: ChildOptions): Promise<Recording> {
    const begun = underWay.then(async () => {
      const run = await this.#run;
      return run && !this.#failed ? run.child(options) : null;
    });
    return new Recording(this.#table, begun);
  }

  async end(status: EndStatus): Promise<void> {
    this.finish(status);
  }

  finish(status: EndStatus = 'FINISHED'): void {
    this.log((run) => run.end(status));
    underWay = underWay.then(() => {
      open -= 1;
    });
  }

  /** Ends what went wrong, as cancelled or as failed with its reason. */
  fail(error: unknown, cancelled: boolean): void {
    if (!cancelled) {
      const { code = 'unexpected', message = '' } = error as Partial<Problem>;
      this.log((run) => run.setTags(errorTags({ code, message })));
    }
    this.finish(cancelled ? 'KILLED' : 'FAILED');
  }

  log(work: (run: ActiveRun) => unknown): void {
    underWay = underWay.then(async () => {
      const run = await this.#run;
      if (!run || this.#failed) return;
      try {
        await work(run);
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  #fail(error: unknown): null {
    this.#failed = true;
    const { code = 'unexpected', message = String(error), details = {} } = error as Partial<Problem>;
    lastProblem = { code, message, details };
    return null;
  }
}

/** A training that went well is tested next: `finish` ends it. */
export class TrainingRecording extends Recording {
  override async end(status: EndStatus): Promise<void> {
    if (status !== 'FINISHED') this.finish(status);
  }
}

/** Why a run failed, as its tags. */
function errorTags({ code, message }: Pick<Problem, 'code' | 'message'>): Record<string, string> {
  return { 'hedgerow.error.code': code, 'hedgerow.error.message': message.slice(0, 1000) };
}

/** Runs of a table belong together: `penguins.csv` is the experiment `penguins`. */
function experimentOf(name: string): string {
  return name.replace(/\.[a-z0-9]+$/i, '') || 'Default';
}
