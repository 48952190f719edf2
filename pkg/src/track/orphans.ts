/** Runs whose page or process is gone: they will not go on, so they are ended. */
import type { Page, Request, Run } from './hedgerow_track.js';
import type { Answer } from './line.js';

/** The tag that says who logs to a run. */
export const CLIENT = 'hedgerow.client';

/**
 * Ends as `FAILED` what nobody goes on with. `lives` is asked after the runs: who starts one later is not
 * among those that it knows.
 */
export async function endOrphans(
  ask: (request: Request) => Promise<Answer>,
  lives: () => Promise<(client: string | undefined) => boolean>,
): Promise<void> {
  const running: Run[] = [];
  for (let total = 1; running.length < total; ) {
    const query = { filter: "attributes.status = 'RUNNING'", limit: 1000, offset: running.length };
    const page = JSON.parse((await ask({ do: 'runs', query })) as string) as Page;
    if (page.runs.length === 0) break;
    running.push(...page.runs);
    total = page.total;
  }
  const isLive = await lives();
  const gone = running.filter(({ tags }) => !isLive(tags[CLIENT]));
  if (gone.length > 0) await ask({ do: 'interrupt', runs: gone.map(({ id }) => id) });
}
