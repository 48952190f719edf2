/** A real MLflow server, and what stands between it and a program. Its Python is in `MLFLOW_PYTHON`. */
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, type Server } from '../../edge/support/servers.js';
import { succeed } from '../../package/support/run.js';

const root = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
export const cli = process.env.HEDGEROW_CLI ?? root('target/release/hedgerow');
export const python = process.env.MLFLOW_PYTHON ?? root('target/mlflow-venv/bin/python');
export const script = (name: string) => fileURLToPath(new URL(`${name}.py`, import.meta.url));

/** The environment of MLflow's own programs, which find each other in `PATH`. */
export const variables = {
  PATH: `${dirname(python)}${delimiter}${process.env.PATH}`,
  MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
  MLFLOW_DISABLE_TELEMETRY: 'true',
};

/** A port that was free a moment ago: MLflow takes no 0. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts a server that keeps its files below a folder. */
export async function startMlflow(folder: string, ...more: string[]): Promise<Server> {
  const port = await freePort();
  const at = await mkdtemp(join(folder, 'server-'));
  const store = [
    '--backend-store-uri',
    `sqlite:///${at}/mlflow.db`,
    '--artifacts-destination',
    `${at}/files`,
  ];
  const listen = ['--serve-artifacts', '--host', '127.0.0.1', '--port', `${port}`, '--workers', '1'];
  const running = await launch(
    [python, '-m', 'mlflow', 'server', ...store, ...listen, ...more],
    at,
    /Uvicorn running on/,
    variables,
  );
  return { ...running, url: `http://127.0.0.1:${port}` };
}

interface Run {
  id: string;
  name: string;
  status: string;
  params: Record<string, string>;
  tags: Record<string, string>;
  metrics: Record<string, [number, number, string][]>;
  inputs: string[][];
}

interface Registered {
  aliases: Record<string, string>;
  versions: { tags: Record<string, string> }[];
}

/** All that is at a server. */
export interface State {
  experiments: Record<string, Run[]>;
  models: Record<string, Registered>;
}

export async function stateOf(url: string, folder: string): Promise<State> {
  return JSON.parse(await succeed(python, [script('state'), url], folder));
}

/** A server of this machine that does with each request, by its number, as it is told. */
export async function proxyOf(
  url: string,
  before: (number: number) => Fate | Promise<Fate>,
): Promise<{ url: string; close(): void; restart(): void }> {
  let number = 0;
  const proxy = createServer(async (incoming, outgoing) => {
    const fate = await before(number++);
    if (fate === 'drop') return;
    const { method, headers, url: path } = incoming;
    const passed = request(`${url}${path}`, { method, headers }, (answer) => {
      if (fate === 'swallow') {
        answer.resume();
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on('error', () => incoming.destroy());
    incoming.pipe(passed);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  const close = () => {
    proxy.closeAllConnections();
    proxy.close();
  };
  const restart = () => {
    number = 0;
  };
  return { url: `http://127.0.0.1:${port}`, close, restart };
}

/** A request arrives and is answered, is done without an answer, or does not even arrive. */
export type Fate = 'pass' | 'swallow' | 'drop';
