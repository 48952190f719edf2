/**
 * What goes between pages and the worker that owns a workspace, over a channel that all of an origin hear.
 *
 * The owner holds the lock of the workspace's name. A page holds a lock of its own name, so that all know
 * whether it is still there.
 */
import type { PlainError } from '../../error.js';
import type { Answer, Asked } from '../line.js';

/** The channel of a workspace, and the lock that its owner holds. */
export const ownerOf = (name: string) => `hedgerow-track:${name}`;

/** The channel on which a page gets its answers, and the lock that it holds. */
export const clientOf = (name: string, client: string) => `${ownerOf(name)}:${client}`;

/** To the owner. Without a request: is it open? */
export interface Ask {
  from: string;
  id: number;
  asked?: Asked;
  /** An owner before may have done it. */
  again?: boolean;
}

/** From a new owner: what has no answer yet, is to be asked again. */
export interface Takeover {
  owner: true;
}

/** To a page. */
export type Reply = { id: number; answer: Answer | undefined } | { id: number; error: PlainError };

/** To a page's worker: the workspace that it is to own once nobody else does. */
export interface Start {
  name: string;
}

/** From a page's worker to its page: it is the owner, and needs the WebAssembly; or it stopped. */
export type Notice = 'module' | 'stopped';
