import type { Progress } from './protocol.ts';

/** Milliseconds between two reports of one phase: more often than this nobody sees. */
const PAUSE = 40;

/** Passes on the first, the last and now and then one in between; a score is not lost with its report, nor
 * what has ended of a study. */
export function throttled(report: (progress: Progress) => void): (progress: Progress) => void {
  let phase: Progress['phase'] | undefined;
  let last = 0;
  let score: Progress['score'];
  return (progress) => {
    score = progress.score ?? score;
    const now = performance.now();
    const due =
      progress.phase !== phase ||
      progress.done >= progress.total ||
      progress.step !== undefined ||
      typeof progress.transfer?.wait === 'number' ||
      now - last >= PAUSE;
    if (!due) return;
    phase = progress.phase;
    last = now;
    report(score ? { ...progress, score } : progress);
    score = undefined;
  };
}
