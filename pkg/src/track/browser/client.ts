/** A page's end: it asks the owner of a workspace, whichever worker of whichever page that is. */
import { HedgerowError } from '../../error.js';
import { notLoaded } from '../../once.js';
import {
  type Answer,
  type Asked,
  closed,
  type Line,
  type StorageInfo,
  type WorkspaceOptions,
} from '../line.js';
import { KEEPER } from '../module.js';
import {
  type Ask,
  clientOf,
  type Notice,
  ownerOf,
  type Reply,
  type Start,
  type Takeover,
} from './protocol.js';
import { Room, storage } from './room.js';

/** Milliseconds without an answer after which is looked whether there still is an owner. */
const WATCH = 2_000;

interface Pending {
  ask: Ask;
  resolve(answer: Answer | undefined): void;
  reject(reason: unknown): void;
}

/** What a client needs of the platform: a worker, and the WebAssembly for it. */
export interface Means {
  spawn(): Worker;
  module(): Promise<WebAssembly.Module>;
}

export class Client implements Line {
  readonly client = crypto.randomUUID();
  readonly #name: string;
  readonly #means: Means;
  readonly #owner: BroadcastChannel;
  readonly #answers: BroadcastChannel;
  readonly #pending = new Map<number, Pending>();
  readonly #room: Room;
  #worker: Worker | undefined;
  #watch: ReturnType<typeof setInterval> | undefined;
  #leave = () => {};
  #idle: (() => void)[] = [];
  #nextId = 1;
  #ended: HedgerowError | undefined;

  private constructor(name: string, means: Means, onLowStorage: (storage: StorageInfo) => void) {
    this.#name = name;
    this.#means = means;
    this.#room = new Room(onLowStorage);
    this.#owner = new BroadcastChannel(ownerOf(name));
    this.#answers = new BroadcastChannel(clientOf(name, this.client));
    this.#owner.onmessage = ({ data }: MessageEvent<Takeover | Ask>) => {
      if ('owner' in data) this.#askAgain();
    };
    this.#answers.onmessage = ({ data }: MessageEvent<Reply>) => this.#answered(data);
  }

  static async open(name: string, means: Means, { onLowStorage }: WorkspaceOptions): Promise<Client> {
    const client = new Client(name, means, onLowStorage ?? (() => {}));
    try {
      await client.#enter();
      client.#start();
      await client.#send();
      return client;
    } catch (error) {
      client.#end(closed());
      throw error;
    }
  }

  async ask(asked: Asked): Promise<Answer> {
    this.#room.look().catch(() => {});
    return (await this.#send(asked)) ?? '';
  }

  storage(): Promise<StorageInfo> {
    return storage();
  }

  async close(): Promise<void> {
    if (this.#pending.size > 0) await new Promise<void>((idle) => this.#idle.push(idle));
    this.#end(closed());
  }

  /** Takes the lock of this page's name before anything else: without it, its runs are taken for dead. */
  #enter(): Promise<void> {
    return new Promise((entered, reject) => {
      navigator.locks
        .request(clientOf(this.#name, this.client), () => {
          entered();
          return new Promise<void>((leave) => {
            this.#leave = leave;
          });
        })
        .catch(reject);
    });
  }

  #start(): void {
    this.#worker?.terminate();
    const worker = this.#means.spawn();
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<Notice>) => {
      if (data === 'stopped') this.#start();
      else this.#means.module().then((module) => worker.postMessage(module), this.#fail);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(event.message || 'the script of its worker could not be loaded');
    };
    worker.postMessage({ name: this.#name } satisfies Start);
  }

  #fail = (reason: unknown): void => {
    this.#end(notLoaded(KEEPER, reason));
  };

  #send(asked?: Asked): Promise<Answer | undefined> {
    if (this.#ended) return Promise.reject(this.#ended);
    const ask: Ask = { from: this.client, id: this.#nextId++, ...(asked && { asked }) };
    return new Promise((resolve, reject) => {
      this.#owner.postMessage(ask);
      this.#pending.set(ask.id, { ask, resolve, reject });
      this.#watch ??= setInterval(() => void this.#look(), WATCH);
    });
  }

  /** What has no answer: who was asked is gone, or was not there yet. */
  #askAgain(): void {
    for (const { ask } of this.#pending.values()) this.#owner.postMessage({ ...ask, again: true });
  }

  #answered(reply: Reply): void {
    const pending = this.#pending.get(reply.id);
    if (!pending) return;
    this.#pending.delete(reply.id);
    if (this.#pending.size === 0) this.#rest();
    if ('answer' in reply) pending.resolve(reply.answer);
    else {
      const { message, code, details } = reply.error;
      pending.reject(new HedgerowError(message, code, details));
    }
  }

  /** Where nobody owns the workspace or waits for it, this page's worker is gone, too. */
  async #look(): Promise<void> {
    const { held = [], pending = [] } = await navigator.locks.query();
    const name = ownerOf(this.#name);
    if (!this.#ended && ![...held, ...pending].some((lock) => lock.name === name)) this.#start();
  }

  /** Nothing is without an answer. */
  #rest(): void {
    clearInterval(this.#watch);
    this.#watch = undefined;
    for (const idle of this.#idle.splice(0)) idle();
  }

  #end(reason: HedgerowError): void {
    this.#ended ??= reason;
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
    this.#rest();
    this.#worker?.terminate();
    this.#owner.close();
    this.#answers.close();
    this.#leave();
  }
}
