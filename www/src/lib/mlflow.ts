/** What is said of pushes to an MLflow server and of pulls. */
import type { Pulled, Pushed } from 'hedgerow/track';
import type { Problem, Progress } from '../worker/protocol.ts';
import { command, literal, type Snippet } from './code.ts';
import * as format from './format.ts';
import { commands, script } from './track-code.ts';

/** The server of an address as one copies it from its page. */
export function serverOf(address: string): string {
  return address.trim().replace(/#.*$/, '').replace(/\/+$/, '');
}

export function pushedText({ runs, versions, files, changes, plain }: Pushed): string {
  if (changes === 0) return 'Nothing was new: the server has all of it.';
  const parts = [
    format.counted(runs, 'new run'),
    format.counted(versions, 'new version'),
    format.counted(files, 'file'),
  ];
  const sent = `Sent: ${parts.join(', ')}.`;
  if (plain.length === 0) return sent;
  return `${sent} ${format.counted(plain.length, 'model')} without an ONNX form: MLflow keeps such, but cannot load them.`;
}

export function pulledText({ runs, points, versions, running, others }: Pulled): string {
  const left = [
    running > 0 ? ` ${format.counted(running, 'run')} that still run there.` : '',
    others > 0 ? ` ${format.counted(others, 'version')} that are no models of Hedgerow.` : '',
  ].join('');
  const rest = left && ` Left:${left}`;
  if (runs + points + versions === 0) return `Nothing was new.${rest}`;
  return `Came in: ${format.counted(runs, 'new run')}, ${format.counted(versions, 'new version')}.${rest}`;
}

/** How far it is, in words. */
export function transferText(progress: Progress | null): string {
  if (!progress?.transfer) return 'Asking the server…';
  const { done, total, transfer } = progress;
  if (transfer.wait !== null) return `No good answer. The server is asked again in ${transfer.wait} s.`;
  const place = total > 0 ? `${format.count(done)} of ${format.count(total)}` : '';
  return [place, transfer.at].filter(Boolean).join(' · ');
}

/** A message that ends with a command: what is said before it, and the command. */
export function withCommand({ code, message }: Problem): { said: string; command: string } | null {
  if (code !== 'mlflow_blocked') return null;
  const [, said = '', shell = ''] = /^(.*: )(mlflow server .*|hedgerow push .*)$/.exec(message) ?? [];
  return shell ? { said, command: shell } : null;
}

export interface Transfer {
  url: string;
  models: boolean;
  experiment: string;
}

/** A push, and a pull; credentials are not written down. */
export function mlflowCode({ url, models, experiment }: Transfer): Snippet[] {
  const server = serverOf(url) || 'https://mlflow.example.org';
  const options = models ? '{ token, models: true }' : '{ token }';
  return [
    script(
      `await workspace.push(${literal(server)}, ${options});`,
      `await workspace.pull(${literal(server)}, { token, experiment: ${literal(experiment)} });`,
    ),
    commands(
      'export MLFLOW_TRACKING_TOKEN=…',
      command(['hedgerow', 'push'], ['--to', server], models ? ['--models'] : []),
      command(['hedgerow', 'pull'], ['--from', server], ['--experiment', experiment]),
    ),
  ];
}
