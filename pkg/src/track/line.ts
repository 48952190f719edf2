/** How requests reach a workspace, wherever that is. */
import { HedgerowError } from '../error.js';
import type { Request, TransferRequest } from './hedgerow_track.js';

/** A request, with who asks and when: asked again, it is the same. */
export interface Asked {
  /** Milliseconds since 1970. */
  at: number;
  author: string;
  request: Request | TransferRequest;
  bytes?: Uint8Array | undefined;
}

/** JSON text, bytes, or both. */
export type Answer = string | Uint8Array<ArrayBuffer> | [string, Uint8Array<ArrayBuffer>];

/** Where a workspace is kept, and how much room there is. */
export interface StorageInfo {
  /** Bytes that are used, by all of this origin; in Node those of the file. */
  usage: number;
  /** Bytes that may be used, where that is known. */
  quota?: number;
  /** Whether it is kept until the user removes it. What is not may go when the disk is full. */
  persisted: boolean;
}

/** Requests go in, answers come out in their order. */
export interface Line {
  /** Which page or process this is: runs are tagged with it, so that those of the dead are known. */
  readonly client: string;
  ask(asked: Asked): Promise<Answer>;
  storage(): Promise<StorageInfo>;
  /** Returns when all that was asked is answered. */
  close(): Promise<void>;
}

/** What is asked of a line that was closed. */
export function closed(): HedgerowError {
  return new HedgerowError('the workspace was closed. Open it again.', 'workspace_closed');
}

/** How a workspace is opened. */
export interface WorkspaceOptions {
  /** Who changes something, for the audit log. Default: nobody's name. */
  author?: string | undefined;
  /** In a browser: which workspace. Default `default`. */
  name?: string | undefined;
  /** In Node, Deno and Bun: the file. Default `hedgerow.sqlite`. */
  path?: string | undefined;
  /** In a browser: whether to ask that it be kept even when the disk is full. Default true. */
  persist?: boolean | undefined;
  /** In memory only: nothing is kept. */
  memory?: boolean | undefined;
  /** In a browser: called when less than 5 % or 10 MB of room are left. */
  onLowStorage?: ((storage: StorageInfo) => void) | undefined;
}
