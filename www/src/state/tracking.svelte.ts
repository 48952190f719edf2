import { loadSetting, saveSetting } from '../lib/settings.ts';
import { call, problemOf } from '../worker/client.ts';
import type { Problem, TrackInfo } from '../worker/protocol.ts';

/** Where runs are kept. Nothing of it is loaded before the first training, or the first visit of Runs or Models. */
class TrackingState {
  info = $state.raw<TrackInfo | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** Whether it was said that runs are in memory only: once is enough. */
  told = false;

  /** Whether anything was ever recorded here, so that there is a workspace to speak of. */
  get used(): boolean {
    return loadSetting<boolean>('tracked') === true;
  }

  /** Something was recorded. */
  note(): void {
    saveSetting('tracked', true);
    void this.look();
  }

  async look(): Promise<void> {
    try {
      this.info = await call('trackInfo', null);
      this.problem = this.info.problem;
    } catch (error) {
      this.problem = problemOf(error);
    }
  }

  /** Asks the browser to keep it when the disk is full. A worker cannot ask. */
  async persist(): Promise<boolean> {
    const granted = await navigator.storage.persist();
    await this.look();
    return granted;
  }
}

export const tracking = new TrackingState();
