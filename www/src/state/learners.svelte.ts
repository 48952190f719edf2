import type { Declaration } from 'hedgerow';
import { capital } from '../lib/format.ts';
import type { TaskKind } from '../lib/target.ts';
import { call, problemOf } from '../worker/client.ts';
import type { Problem } from '../worker/protocol.ts';

/** What is tried first: it does well on most tables, whatever its parameters. */
const FIRST = 'random-forest';

/** The learners that the package has, asked for by the first view that speaks of one. */
class LearnersState {
  all = $state.raw<Declaration[]>([]);
  problem = $state.raw<Problem | null>(null);

  #loading: Promise<void> | undefined;

  load(): void {
    this.#loading ??= call('learners', null).then(
      (all) => {
        this.all = all;
        this.problem = null;
      },
      (error) => {
        this.problem = problemOf(error);
        this.#loading = undefined;
      },
    );
  }

  declared(kind: string | null): Declaration | undefined {
    return this.all.find((declared) => declared.kind === kind);
  }

  /** Its title; before the declarations are there, its kind as a title. */
  label(kind: string): string {
    return this.declared(kind)?.label ?? capital(kind.replaceAll('-', ' '));
  }

  for(task: TaskKind): Declaration[] {
    return this.all.filter(({ tasks }) => tasks.includes(task));
  }

  /** The chosen one if it can do the task, else the one to try first. */
  chosen(kind: string | null, task: TaskKind): Declaration | undefined {
    const able = this.for(task);
    const find = (wanted: string | null) => able.find((declared) => declared.kind === wanted);
    return find(kind) ?? find(FIRST) ?? able[0];
  }
}

export const learners = new LearnersState();
