import assert from 'node:assert/strict';
import { test } from 'node:test';

// Without a page nothing watches what changes, so state is plain values.
const plain = <T>(value: T) => value;
Object.assign(globalThis, { $state: Object.assign(plain, { raw: plain }) });
const { Places } = await import('./places.svelte.ts');

/** Places whose answers are given by hand: what was asked, in order, and what to answer it with. */
function byHand() {
  const asked: {
    name: string;
    token: string | undefined;
    signal: AbortSignal;
    answer(found: string): void;
  }[] = [];
  let changes = 0;
  const places = new Places<string>({
    look: ({ name, token }, signal) =>
      new Promise((resolve, reject) => {
        const answer = (found: string) => (found === '' ? reject(new Error(`no ${name}`)) : resolve(found));
        asked.push({ name, token, signal, answer });
      }),
    changed: () => {
      changes += 1;
    },
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return {
    places,
    asked,
    changes: () => changes,
    /** Answers what was asked last. */
    async answer(found: string) {
      asked.at(-1)?.answer(found);
      await turn();
    },
    found: () => places.all.map(({ name, found, problem }) => `${name}: ${found ?? problem?.message}`),
  };
}

const files = (...names: string[]) => names.map((name) => new File([], name));

test('what is added while something is looked at waits, and nothing is lost', async () => {
  const { places, asked, answer, found, changes } = byHand();
  places.addFiles(files('a', 'b'));
  assert.deepEqual(places.busy, { name: 'a', share: undefined, place: 1, of: 2 });
  places.addFiles(files('c'));
  assert.equal(places.busy?.of, 3);
  await answer('1');
  places.addFiles(files('a'));
  await answer('');
  await answer('3');
  assert.equal(changes(), 0);
  await answer('4');
  assert.deepEqual(found(), ['a: 1', 'b: no b', 'c: 3', 'a: 4']);
  assert.equal(new Set(places.all.map(({ id }) => id)).size, 4);
  assert.deepEqual([asked.length, changes(), places.busy], [4, 1, null]);
});

test('what is cancelled is never looked at, and what comes after it is', async () => {
  const { places, asked, answer, found } = byHand();
  places.addFiles(files('a', 'b', 'c'));
  await answer('1');
  places.cancel();
  assert.ok(asked.at(-1)?.signal.aborted);
  places.addFiles(files('d'));
  await answer('too late');
  await answer('4');
  assert.deepEqual(found(), ['a: 1', 'd: 4']);
});

test('an address that is connected already is asked again in its place, with the new token', async () => {
  const { places, asked, answer, found } = byHand();
  places.connect(['https://a.example/', 'https://b.example'], 'old');
  places.connect(['https://A.example'], 'new');
  assert.match(places.notice ?? '', /^https:\/\/a\.example\/ is connected already/);
  await answer('of the first');
  await answer('2');
  await answer('1');
  assert.deepEqual(
    asked.map(({ name, token }) => `${name} ${token}`),
    ['https://a.example/ old', 'https://b.example old', 'https://a.example/ new'],
  );
  places.connect(['https://b.example/', 'https://c.example'], '');
  await answer('20');
  await answer('3');
  assert.deepEqual(found().sort(), [
    'https://a.example/: 1',
    'https://b.example: 20',
    'https://c.example: 3',
  ]);
  places.askAgain();
  assert.equal(places.notice, null);
});

test('what is removed while it is asked again does not come back', async () => {
  const { places, answer, found, changes } = byHand();
  places.addFiles(files('a', 'b'));
  await answer('1');
  await answer('2');
  places.again(({ name }) => name === 'a');
  places.remove(places.all[0]?.id ?? 0);
  await answer('10');
  assert.deepEqual(found(), ['b: 2']);
  assert.equal(changes(), 3);
});

test('what is looked at again is so whether it was looked at, is, or waits', async () => {
  const { places, asked, answer, found } = byHand();
  places.addFiles(files('a', 'b', 'c'));
  await answer('1');
  places.again(() => true);
  await answer('by what was before');
  for (const value of ['3', '10', '2']) await answer(value);
  assert.deepEqual(
    asked.map(({ name }) => name),
    ['a', 'b', 'c', 'a', 'b'],
  );
  assert.deepEqual(found().sort(), ['a: 10', 'b: 2', 'c: 3']);
});

test('places of another model take the place of all, also of what is looked at', async () => {
  const { places, answer, found } = byHand();
  places.addFiles(files('a', 'b'));
  places.fill([{ name: 'kept', found: '5' }]);
  await answer('1');
  assert.deepEqual(found(), ['kept: 5']);
});
