/** The owner of a workspace: one worker over all pages of an origin. */
import { type HedgerowError, toHedgerowError } from '../../error.js';
import type { Workspace } from '../hedgerow_track.js';
import type { Asked } from '../line.js';
import { handle, loaded } from '../module.js';
import { endOrphans } from '../orphans.js';
import { handleAgain } from './again.js';
import { type Ask, clientOf, ownerOf, type Reply, type Takeover } from './protocol.js';

/** Milliseconds that the files of an owner before are waited for: an ended worker gives them back late. */
const PATIENCE = 10_000;

type Load = () => Promise<WebAssembly.Module>;

/** Waits for its turn, then serves all pages for as long as this worker lives. */
export async function own(name: string, load: Load, stopped: () => void): Promise<void> {
  await navigator.locks.request(ownerOf(name), () => {
    new Owner(name, load, stopped);
    return new Promise(() => {});
  });
}

class Owner {
  readonly #name: string;
  readonly #stopped: () => void;
  readonly #channels = new Map<string, BroadcastChannel>();
  readonly #workspace: Promise<Workspace>;
  #isOver = false;

  constructor(name: string, load: Load, stopped: () => void) {
    this.#name = name;
    this.#stopped = stopped;
    this.#workspace = open(name, load);
    const channel = new BroadcastChannel(ownerOf(name));
    channel.onmessage = ({ data }: MessageEvent<Ask | Takeover>) => {
      if ('from' in data) void this.#serve(data);
    };
    channel.postMessage({ owner: true } satisfies Takeover);
    // Each request is told of a failure.
    this.#endOrphans().catch(() => {});
  }

  async #serve({ from, id, asked, again }: Ask): Promise<void> {
    const channel = this.#channelOf(from);
    try {
      const workspace = await this.#workspace;
      // What has no answer is asked again, of whoever is next.
      if (this.#isOver) return;
      const handled = (asked: Asked) => handle(workspace, asked);
      const answer = asked && (again ? handleAgain(asked, handled) : handled(asked));
      channel.postMessage({ id, answer } satisfies Reply);
    } catch (error) {
      const { message, code, details } = toHedgerowError(error);
      this.#isOver = code === 'wasm_stopped';
      // What stops one owner after the other is not asked of a third.
      if (!this.#isOver || again) {
        channel.postMessage({ id, error: { message, code, details } } satisfies Reply);
      }
      if (this.#isOver) this.#stopped();
    }
  }

  /** With a page's first request its end is waited for. */
  #channelOf(client: string): BroadcastChannel {
    const known = this.#channels.get(client);
    if (known) return known;
    const name = clientOf(this.#name, client);
    const channel = new BroadcastChannel(name);
    this.#channels.set(client, channel);
    void navigator.locks
      .request(name, () => {})
      .then(() => {
        channel.close();
        this.#channels.delete(client);
        return this.#endOrphans();
      })
      .catch(() => {});
    return channel;
  }

  async #endOrphans(): Promise<void> {
    const workspace = await this.#workspace;
    const ask = async (request: Asked['request']) =>
      handle(workspace, { at: Date.now(), author: '', request });
    await endOrphans(ask, async () => {
      const { held = [] } = await navigator.locks.query();
      const names = new Set(held.map((lock) => lock.name));
      return (client) => client !== undefined && names.has(clientOf(this.#name, client));
    });
  }
}

async function open(name: string, load: Load): Promise<Workspace> {
  const { inPrivateFiles } = await loaded(load);
  const until = Date.now() + PATIENCE;
  for (let pause = 5; ; pause = Math.min(2 * pause, 200)) {
    try {
      return await inPrivateFiles(`hedgerow-track/${encodeURIComponent(name)}`);
    } catch (error) {
      const found: HedgerowError = toHedgerowError(error);
      if (found.code !== 'workspace_busy' || Date.now() > until) throw found;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
