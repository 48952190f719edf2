/** Alarms: what is broken now, whom that was told, and telling it. */
import type { Description } from '../description.js';
import type { Backing, Changes } from './backing.js';
import type { Alarm, Report } from './report.js';
import type { StoreOptions } from './store.js';

/** How a message was told, or is yet to be. */
interface State {
  status: 'firing' | 'resolved';
  alarm: Alarm;
  /** What is sent. */
  message: unknown;
  isSent: boolean;
  /** Rounds in which sending failed. */
  failures: number;
}

type States = Record<string, State>;

/** Tries in a row, and rounds of them until a message is given up. */
const TRIES = 4;
const ROUNDS = 10;

/** Milliseconds that a receiver has to answer. */
const PATIENCE = 10_000;

const KEY = 'alarms';

/** What is told is kept with the counts, so that a worker that starts again tells nothing twice. */
export class Alarms {
  readonly #backing: Backing;
  readonly #description: Description;
  readonly #webhook: string | undefined;
  readonly #retryAfter: number;
  #isSending = false;
  /** The rule of the message that is under way. */
  #telling: string | undefined;
  #sent = 0;
  #failed = 0;

  constructor(backing: Backing, description: Description, { webhook, retryAfter = 1_000 }: StoreOptions) {
    this.#backing = backing;
    this.#description = description;
    this.#webhook = webhook;
    this.#retryAfter = retryAfter;
  }

  counts(): { sent: number; failed: number } {
    return { sent: this.#sent, failed: this.#failed };
  }

  /** Notes which alarms began and which ended. */
  async see(report: Report): Promise<void> {
    if (this.#webhook === undefined) return;
    const before = this.#states();
    const states: States = { ...before };
    for (const alarm of report.alarms) {
      const known = before[alarm.rule];
      if (known?.status === 'firing') continue;
      states[alarm.rule] = { ...this.#state('firing', alarm, report), isSent: this.#isUnheard(known) };
    }
    for (const [rule, state] of Object.entries(before)) {
      if (state.status !== 'firing' || report.alarms.some((one) => one.rule === rule)) continue;
      // What nobody heard of need not be taken back.
      if (this.#isUnheard(state)) delete states[rule];
      else states[rule] = this.#state('resolved', state.alarm, report);
    }
    if (JSON.stringify(states) !== JSON.stringify(before)) await this.#backing.commit(this.#changes(states));
  }

  /** Whether nobody was told it; what is being told now is heard. */
  #isUnheard(state: State | undefined): boolean {
    if (state === undefined || state.alarm.rule === this.#telling) return false;
    return !state.isSent || state.failures >= ROUNDS;
  }

  /**
   * Sends what is not yet sent, one message after the other.
   *
   * @param alone Runs what reads and changes, so that nothing else does meanwhile.
   */
  async send(alone: (make: () => Promise<void>) => Promise<void>): Promise<void> {
    if (this.#isSending || this.#webhook === undefined) return;
    this.#isSending = true;
    const tried = new Set<string>();
    const isNext = ([rule, { isSent, status }]: [string, State]) =>
      !isSent && !tried.has(`${status} ${rule}`);
    try {
      for (;;) {
        const [rule, state] = Object.entries(this.#states()).find(isNext) ?? [];
        if (rule === undefined || !state) break;
        tried.add(`${state.status} ${rule}`);
        this.#telling = rule;
        const arrived = await this.#deliver(state.message);
        await alone(() => this.#settle(rule, state.status, arrived));
      }
    } catch {
      // Not noted as sent, so it is sent again.
    } finally {
      this.#isSending = false;
      this.#telling = undefined;
    }
  }

  /** Notes that a message arrived, or did not. The alarm may have ended or begun again meanwhile. */
  async #settle(rule: string, told: State['status'], arrived: boolean): Promise<void> {
    const states = this.#states();
    const state = states[rule];
    if (!state) return;
    if (state.status === told) {
      state.failures += arrived ? 0 : 1;
      state.isSent = arrived || state.failures >= ROUNDS;
    } else if (!arrived) {
      // As it was before both, nobody needs to hear of either.
      state.isSent = true;
    }
    if (state.isSent && state.status === 'resolved') delete states[rule];
    await this.#backing.commit(this.#changes(states));
    this.#telling = undefined;
  }

  async #deliver(message: unknown): Promise<boolean> {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      if (attempt > 0) await sleep(this.#retryAfter * 2 ** (attempt - 1));
      if (await this.#post(message)) {
        this.#sent += 1;
        return true;
      }
      this.#failed += 1;
    }
    return false;
  }

  async #post(message: unknown): Promise<boolean> {
    try {
      const response = await fetch(this.#webhook ?? '', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(message),
        redirect: 'manual',
        signal: AbortSignal.timeout(PATIENCE),
      });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }

  #state(status: State['status'], alarm: Alarm, { rows, columns }: Report): State {
    const { name, version } = this.#description;
    const shown = columns.filter(
      (column) => column.role === alarm.role && alarm.columns.includes(column.name),
    );
    const message = { status, model: { name, version }, rows, ...alarm, pictures: shown };
    return { status, alarm, message, isSent: false, failures: 0 };
  }

  #states(): States {
    const bytes = this.#backing.get(KEY);
    return bytes ? JSON.parse(new TextDecoder().decode(bytes)) : {};
  }

  #changes(states: States): Changes {
    return new Map([[KEY, new TextEncoder().encode(JSON.stringify(states))]]);
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
