/**
 * Requests that come again from a page which does not know whether the owner before did them. Most change
 * nothing the second time. Those that would are looked up: moves of aliases and the audit log have who did
 * what when.
 */
import type { Entry, Move, Request } from '../hedgerow_track.js';
import type { Answer, Asked } from '../line.js';

type Handle = (asked: Asked) => Answer;

/** Handles a request that may have been done. */
export function handleAgain(asked: Asked, handle: Handle): Answer {
  return answerBefore(asked, handle) ?? handle(asked);
}

/** What the answer was, where it was done and doing it twice is not the same as doing it once. */
function answerBefore(asked: Asked, handle: Handle): Answer | undefined {
  const { request } = asked;
  // A turn is known by its number.
  if ('turn' in request) return undefined;
  const ask = (request: Request) => JSON.parse(handle({ ...asked, request }) as string);
  switch (request.do) {
    case 'promote':
    case 'rollback':
    case 'removeAlias': {
      const moves: Move[] = ask({ do: 'moves', name: request.name });
      const move = moves.find((one) => isBy(asked, one) && isOf(request, one));
      return move && (request.do === 'rollback' ? String(move.version) : 'null');
    }
    case 'deleteRun': {
      const entries: Entry[] = ask({ do: 'audit', subject: `run:${request.run}`, limit: 100, offset: 0 });
      const isDone = entries.some((one) => one.action === 'delete_run' && isBy(asked, one));
      return isDone ? 'null' : undefined;
    }
    default:
      return undefined;
  }
}

function isBy({ at, author }: Asked, one: Move | Entry): boolean {
  return one.at === at && one.author === author;
}

function isOf(
  request: Extract<Request, { do: 'promote' | 'rollback' | 'removeAlias' }>,
  { alias, reason, version, back }: Move,
): boolean {
  if (alias !== request.alias || reason !== request.reason) return false;
  if (request.do === 'rollback') return back;
  return !back && version === (request.do === 'promote' ? request.version : null);
}
