/** Where the Monitor view takes new rows and models from: profiles, services, other models, large files. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { cli } from './support/command.js';
import { flights } from './support/flights.js';
import { checked, downloaded, drop, go, months, overview, places, run, train } from './support/monitoring.js';
import { type Site, startSite } from './support/site.js';

let site: Site;
let page: Page;
let folder: string;
/** The name of its file in the folder. */
let model: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hedgerow-monitor-'));
  for (const { name, text } of months) await writeFile(join(folder, name), text);
  await writeFile(join(folder, 'train.csv'), flights(2000, 0));
  site = await startSite();
  ({ page } = await site.open());
  await train(page, true);
  await page.getByRole('link', { name: 'Model file' }).click();
  model = await downloaded(page, folder, /^Download late-/);
  await go(page, 'Monitor');
});
after(async () => {
  await site?.close();
  await rm(folder, { recursive: true, force: true });
});

test('profiles of the command line are taken like rows, and what is no use is named at its place', async () => {
  await run(cli, ['monitor', 'profile', model, months[2]?.name ?? '', '--out', 'june.hgp'], { cwd: folder });
  await run(cli, ['train', 'train.csv', '--target', 'carrier', '--set', 'n_estimators=5', '--out', 'other'], {
    cwd: folder,
  });
  await run(cli, ['monitor', 'profile', 'other', months[2]?.name ?? '', '--out', 'other.hgp'], {
    cwd: folder,
  });
  const read = (name: string) => readFile(join(folder, name));
  await drop(page, [
    { name: 'june.hgp', text: await read('june.hgp') },
    { name: 'other.hgp', text: await read('other.hgp') },
    { name: 'torn.hgp', text: (await read('june.hgp')).subarray(0, 60) },
    { name: 'ragged.csv', text: 'a,b\n1,2,3\n' },
    { name: 'renamed.csv', text: flights(200, 0).replace('dep_delay', 'dep_delays') },
  ]);
  const at = (name: string) => places(page).filter({ hasText: name });
  await at('renamed.csv').waitFor();
  await at('june.hgp').getByText('600 rows').waitFor();
  await at('other.hgp').getByText('profile_of_another_model').waitFor();
  await at('torn.hgp').getByText('damaged_profile').waitFor();
  await at('ragged.csv').getByText('csv_ragged_row').waitFor();
  await page.getByText('Renamed column').waitFor();
  await page.getByText('"dep_delays" might be it').waitFor();
  await page.getByText('800 rows in all').waitFor();
});

/** Hours that services have counted, and what they were asked for. */
const hours = ['2026-05-31T22:00:00.000Z', '2026-05-31T23:00:00.000Z', '2026-06-02T09:00:00.000Z'];
const asked: string[] = [];

/** Services that answer to `/profile`, as their paths say. */
async function services(profile: Buffer, origin: string): Promise<[string, Server]> {
  const server = createServer(({ url = '', method, headers }, response) => {
    const isOpen = !url.startsWith('/closed');
    const cors = isOpen
      ? { 'access-control-allow-origin': origin, 'access-control-allow-headers': 'authorization' }
      : {};
    if (method === 'OPTIONS') response.writeHead(204, cors).end();
    else if (url.startsWith('/old')) {
      const error = 'the model has no training profile.';
      response.writeHead(404, cors).end(JSON.stringify({ error, code: 'no_training_profile' }));
    } else if (headers.authorization !== 'Bearer s3cret') response.writeHead(401, cors).end();
    else if (url.endsWith('/profile/windows')) {
      const windows = hours.map((start) => ({ start, rows: 200 }));
      response.writeHead(200, cors).end(JSON.stringify({ windows }));
    } else {
      asked.push(url);
      response.writeHead(200, cors).end(profile);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return [`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server];
}

test('services are asked at once and added up; why one cannot be is said at its place', async () => {
  await page.getByRole('button', { name: 'Remove all' }).click();
  const [url, server] = await services(await readFile(join(folder, 'june.hgp')), new URL(site.url).origin);
  try {
    await page.getByText('Connect to services').click();
    await page.getByLabel('Addresses, one a line').fill(`${url}/a\n${url}/b\n${url}/old\n${url}/closed`);
    await page.getByRole('button', { name: 'Connect to 4' }).click();
    const at = (path: string) => places(page).filter({ hasText: `${url}${path}` });
    await at('/a').getByText('service_unauthorized').waitFor();
    await at('/old').getByText('no_training_profile').waitFor();
    await at('/closed').getByText('service_blocked').waitFor();
    await page.getByRole('button', { name: 'Remove all' }).click();
    await page.getByLabel('Token, if they ask for one').fill('s3cret');
    await page.getByRole('button', { name: 'Connect to 4' }).click();
    await at('/closed').getByText('CORS', { exact: false }).waitFor();
    await page.getByText('1,200 rows in all').waitFor();
    await overview(page).first().waitFor();
    await page.getByLabel('Addresses, one a line').fill(`${url}/a/\n${url}/a`);
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByText(`${url}/a is connected already`).waitFor();
    await page.getByRole('button', { name: 'Ask services again' }).click();
    await page.getByText(`${url}/a is connected already`).waitFor({ state: 'detached' });
    await at('/closed').getByText('CORS', { exact: false }).waitFor();
    await page.getByText('4 places, 1,200 rows in all').waitFor();
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test('a model without a profile is compared with the loaded table', async () => {
  await run(
    cli,
    [
      'train',
      'train.csv',
      '--target',
      'late',
      '--set',
      'n_estimators=5',
      '--no-profile',
      '--out',
      'plain.safetensors',
    ],
    { cwd: folder },
  );
  await page.getByLabel('Open a model file').setInputFiles(join(folder, 'plain.safetensors'));
  await page.getByText('no_training_profile').waitFor();
  await page.getByRole('button', { name: 'Use the loaded table as reference' }).click();
  await page.getByText('compared with the loaded table, train.csv').waitFor();
  await drop(page, [months[2] ?? { name: '', text: '' }]);
  await overview(page).first().waitFor();
  const expected = await checked(
    folder,
    'plain.safetensors',
    months[2]?.name ?? '',
    '--reference',
    'train.csv',
  );
  await page.getByText(`${expected.drifted} of ${expected.tested} features drifted`).first().waitFor();
  await page.getByRole('button', { name: 'The current model' }).click();
  await page.getByText('compared with its own training profile').waitFor();
  // What the current model saw is there again, as after a reload.
  await page.getByText('1,200 rows in all').waitFor();
  await page.reload();
  await page.getByText('1,200 rows in all').waitFor();
  await overview(page).first().waitFor();
  await page.getByRole('button', { name: 'Remove all' }).click();
  await page.getByLabel('Open a model file').setInputFiles(join(folder, 'train.csv'));
  await page.getByText('model_not_a_model').waitFor();
});

test('each day of a service is a window of time', async () => {
  const [url, server] = await services(await readFile(join(folder, 'june.hgp')), new URL(site.url).origin);
  asked.length = 0;
  await page.getByText('Connect to services').click();
  try {
    await page.getByLabel('Addresses, one a line').fill(url);
    await page.getByLabel('Token, if they ask for one').fill('s3cret');
    await page.getByLabel('Each of its last 31 days by itself').check();
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByRole('heading', { name: 'Over time' }).waitFor();
    assert.deepEqual(asked, [
      '/profile?from=2026-05-31T00:00:00.000Z&to=2026-06-01T00:00:00.000Z',
      '/profile?from=2026-06-02T00:00:00.000Z&to=2026-06-03T00:00:00.000Z',
    ]);
    assert.equal(await places(page).count(), 2);
    await page.getByLabel('one after the other', { exact: false }).uncheck();
    await page.getByLabel('Each of its last 31 days by itself').uncheck();
    await page.getByRole('button', { name: 'Remove all' }).click();
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test('what is dropped while a file is read waits for its turn, and none is lost', async () => {
  await drop(page, [{ name: 'large.csv', text: flights(100_000, 1) }]);
  await drop(page, [months[0] ?? { name: '', text: '' }, { name: 'ragged.csv', text: 'a,b\n1,2,3\n' }]);
  await drop(page, [months[2] ?? { name: '', text: '' }]);
  await page.getByText('4 places, 101,200 rows in all').waitFor({ timeout: 60_000 });
  const names = ['large.csv', months[0]?.name, 'ragged.csv', months[2]?.name];
  const shown = await places(page).allTextContents();
  names.forEach((name, index) => {
    assert.ok(shown[index]?.trim().startsWith(name ?? ''), `${name} in ${shown[index]}`);
  });
  await places(page).filter({ hasText: 'ragged.csv' }).getByText('csv_ragged_row').waitFor();
  await page.getByRole('button', { name: 'Remove all' }).click();
});

test('looking at a large file can be cancelled', async () => {
  await drop(page, [{ name: 'large.csv', text: flights(300_000, 1) }]);
  // At once: a click waits until the button stands still.
  await page.getByRole('button', { name: 'Cancel' }).dispatchEvent('click');
  await page.getByRole('button', { name: 'Cancel' }).waitFor({ state: 'detached' });
  assert.equal(await places(page).count(), 0);
  await drop(page, [months[1] ?? { name: '', text: '' }]);
  await overview(page).first().waitFor();
});

test('the page complained of nothing but what was kept from it', () => {
  // Of a service that lets no page in, browsers write a line by themselves, as of what has an error's status.
  const own = site.problems.filter((problem) => !/CORS|Failed to load resource/.test(problem));
  assert.deepEqual(own, []);
});
