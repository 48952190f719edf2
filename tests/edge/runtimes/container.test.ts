/**
 * The target `container`: the manifests are what Kubernetes' schemas allow, the Dockerfile what hadolint
 * does, and what it copies and starts serves on port 5000. There is no Docker in the tests.
 */
import assert from 'node:assert/strict';
import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { run, succeed } from '../../package/support/run.js';
import type { Command } from '../../package/support/runtimes.js';
import { predicted } from '../support/asking.js';
import { type Models, models, type Trained } from '../support/exports.js';
import { pythonTool } from '../support/python.js';
import { start } from '../support/servers.js';

let made: Models;
let trained: Trained;
let folder: string;
let dockerfile: string;
before(async () => {
  made = await models();
  trained = await made.trained('forest');
  folder = await trained.exported('container');
  dockerfile = await readFile(join(folder, 'Dockerfile'), 'utf8');
});
after(() => made.remove());

/** What stands behind an instruction of the Dockerfile. */
function instruction(name: string): string {
  const found = new RegExp(`^${name} (.+)$`, 'm').exec(dockerfile)?.[1];
  assert.ok(found, name);
  return found;
}

/** The container's files and variables, and the port that it would have. */
async function container(): Promise<{ inside: string; variables: Record<string, string>; port: string }> {
  const inside = join(made.folder, 'inside');
  await mkdir(inside);
  const [, ...copied] = instruction('COPY').split(' ').reverse();
  for (const name of copied) await cp(join(folder, name), join(inside, name));
  const pairs = instruction('ENV')
    .split(' ')
    .map((pair) => pair.split('=') as [string, string]);
  const { PORT: port = '', ...variables } = Object.fromEntries(pairs);
  return { inside, variables, port };
}

test('what the Dockerfile copies and starts serves the model', async () => {
  const { inside, variables, port } = await container();
  assert.equal(port, '5000');
  assert.equal(instruction('EXPOSE'), port);
  const [program, ...args] = JSON.parse(instruction('CMD')) as Command;
  const server = await start([program, ...args], inside, variables);
  try {
    assert.match(server.log(), /http:\/\/0\.0\.0\.0:/);
    assert.deepEqual(await predicted(server.url, trained), trained.expected);
    const [check = '', ...rest] = JSON.parse(instruction('HEALTHCHECK CMD')) as string[];
    const health = async (own: string) => (await run(check, rest, inside, { env: { PORT: own } })).code;
    assert.equal(await health(new URL(server.url).port), 0);
    await server.stop();
    assert.equal(await health(new URL(server.url).port), 1);
  } finally {
    await server.stop();
  }
});

test('it ends when it is told to', async () => {
  const server = await start(['node', 'main.mjs'], folder);
  await (await fetch(`${server.url}/health`)).text();
  await server.stop();
  assert.equal(server.process.exitCode, 0);
});

test('hadolint has nothing to say of the Dockerfile', async () => {
  await succeed(pythonTool('hadolint'), ['--failure-threshold', 'style', 'Dockerfile'], folder);
});

test('the manifests are what the schemas of Kubernetes allow', async () => {
  const manifests = (await readdir(join(folder, 'kubernetes'))).map((name) => join('kubernetes', name));
  assert.equal(manifests.length, 4);
  await succeed(pythonTool('kubernetes-validate'), ['--strict', ...manifests], folder);
});

test('the manifests are about the image and the port of the Dockerfile', async () => {
  const version = /^.{12}/.exec((await description()).version)?.[0];
  for (const name of ['stable', 'canary']) {
    const manifest = await readFile(join(folder, 'kubernetes', `${name}.yaml`), 'utf8');
    assert.match(manifest, new RegExp(`image: "forest:${version}"`));
    assert.match(manifest, /containerPort: 5000\n/);
    assert.match(manifest, new RegExp(`track: ${name}\n`));
  }
});

async function description(): Promise<{ version: string }> {
  const server = await start(['node', 'main.mjs'], folder);
  try {
    return await (await fetch(`${server.url}/model`)).json();
  } finally {
    await server.stop();
  }
}
