import { serverOf } from '../lib/mlflow.ts';
import { loadSetting, saveSetting } from '../lib/settings.ts';
import { Job } from './job.svelte.ts';
import { runs } from './runs.svelte.ts';

/** A push to an MLflow server, or a pull. It goes on whatever is looked at. */
class MlflowState {
  url = $state(loadSetting<string>('mlflow') ?? '');
  /** Not kept: it is gone with the page. */
  token = $state('');
  models = $state(true);
  experiment = $state('Default');
  readonly push = new Job('pushWorkspace');
  readonly pull = new Job('pullExperiment');

  get running(): boolean {
    return this.push.running || this.pull.running;
  }

  /** Whether there is anything to tell of. */
  get shown(): boolean {
    return this.push.shown || this.pull.shown;
  }

  /** What is said is of the last of both. */
  startPush(): Promise<void> {
    this.pull.forget();
    const { token, models } = this;
    return this.push.start({ url: this.#server(), token, models });
  }

  async startPull(): Promise<void> {
    this.push.forget();
    const { token, experiment } = this;
    await this.pull.start({ url: this.#server(), token, experiment });
    await runs.load();
  }

  #server(): string {
    this.url = serverOf(this.url);
    saveSetting('mlflow', this.url);
    return this.url;
  }
}

export const mlflow = new MlflowState();
