/** What a handler asks of who records; who does is in `recording/`, which only exports that record have. */
import { json } from './reply.js';
import type { Route } from './routes.js';
import type { Column, Scores } from './scorer.js';

/** Counts what a handler answers. */
export interface Recording {
  /**
   * Counts the rows of a request, and keeps what was said of them for their labels. It never throws.
   *
   * @returns Headers of the answer, by which labels are joined with it.
   */
  record(request: Request, columns: readonly Column[], rows: number, scores: Scores): Record<string, string>;
  /** What is still to be done once a request is answered, if anything is. It never rejects. */
  due(): Promise<void> | undefined;
  /**
   * Tells the store all that was counted.
   *
   * @throws {HedgerowError} `store_unavailable`; then it is told later.
   */
  flush(): Promise<void>;
  /** Does so, and gives back what it has, such as a file: for the end of a process. */
  close(): Promise<void>;
  /** In Prometheus' text format. */
  metrics(): Promise<string>;
  /** The paths of what was recorded. */
  routes: ReadonlyMap<string, Route>;
  /** The same, as OpenAPI has them. */
  paths: Readonly<Record<string, object>>;
}

const refuse = () =>
  json(
    {
      error: 'nothing is recorded. Turn it on, or export a model with a training profile.',
      code: 'no_training_profile',
    },
    404,
  );

/** The paths of what was recorded, where nothing is. */
export const notRecorded: [string, Route][] = [
  ['/profile', { GET: refuse }],
  ['/profile/windows', { GET: refuse }],
  ['/feedback', { POST: refuse }],
];
