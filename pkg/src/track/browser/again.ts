/**
 * Requests that come again from a page which does not know whether the owner before did them. Most change
 * nothing the second time. Those that would are looked up in the audit log, which has who did what when.
 */
import type { Entry, Request, Version } from '../hedgerow_track.js';
import type { Answer, Asked } from '../line.js';

type Mark = Pick<Entry, 'subject' | 'action'>;
type Handle = (asked: Asked) => Answer;

/** Handles a request that may have been done. */
export function handleAgain(asked: Asked, handle: Handle): Answer {
  const mark = markOf(asked.request);
  return mark && isDone(asked, mark, handle) ? answerTo(asked, handle) : handle(asked);
}

/** What the audit log says of a request, where doing it twice is not the same as doing it once. */
function markOf(request: Request): Mark | undefined {
  switch (request.do) {
    case 'promote':
    case 'rollback':
    case 'removeAlias':
      return { subject: `model:${request.name}`, action: 'move_alias' };
    case 'deleteRun':
      return { subject: `run:${request.run}`, action: 'delete_run' };
    default:
      return undefined;
  }
}

function isDone(asked: Asked, { subject, action }: Mark, handle: Handle): boolean {
  const request: Request = { do: 'audit', subject, limit: 100, offset: 0 };
  const entries = JSON.parse(handle({ ...asked, request }) as string) as Entry[];
  return entries.some(
    (entry) => entry.action === action && entry.at === asked.at && entry.author === asked.author,
  );
}

function answerTo(asked: Asked, handle: Handle): Answer {
  const { request } = asked;
  if (request.do !== 'rollback') return 'null';
  const text = `${request.name}@${request.alias}`;
  const version = handle({ ...asked, request: { do: 'findVersion', text } }) as string;
  return String((JSON.parse(version) as Version).version);
}
