/** Counts in a file: what was committed is there, whatever happens to the process, the file or the disk. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Backing, type Changes, type Files, fileBacking, HedgerowError } from 'hedgerow/edge/recording';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hedgerow-file-'));
});
after(async () => {
  await closeAll();
  await rm(folder, { recursive: true });
});

/** A process that has died, so that its lock is nobody's. */
let pid = 2 ** 30;
const opened: { close(): Promise<void> }[] = [];
const open = async (at: string, files: Files = fs) => {
  await closeAll();
  pid += 1;
  const backing = await fileBacking(files, { pid, kill: (other) => process.kill(other, 0) }, at, 'counts');
  opened.push(backing);
  return backing;
};
const closeAll = async () => {
  for (const backing of opened.splice(0)) await backing.close();
};

const bytes = (text: string) => new TextEncoder().encode(text);
const changes = (values: Record<string, string | undefined>): Changes =>
  new Map(
    Object.entries(values).map(([key, value]) => [key, value === undefined ? undefined : bytes(value)]),
  );

function contents(backing: Backing): Record<string, string> {
  const text = (key: string) => new TextDecoder().decode(backing.get(key));
  return Object.fromEntries(backing.keys('').map((key) => [key, text(key)]));
}

const commits = [
  { a: 'one', 'b/ü': 'two' },
  { a: 'three', c: '' },
  { 'b/ü': undefined },
  { d: 'x'.repeat(300), a: undefined },
  { a: 'again' },
];

/** What is there after each commit, and how long the log is then. */
async function written(at: string): Promise<{ states: Record<string, string>[]; ends: number[] }> {
  const backing = await open(at);
  const end = async () => (await stat(join(at, 'counts.log'))).size;
  const [states, ends] = [[contents(backing)], [await end()]];
  for (const commit of commits) {
    await backing.commit(changes(commit));
    states.push(contents(backing));
    ends.push(await end());
  }
  return { states, ends };
}

test('a log that was cut anywhere has all commits before the cut, and goes on from there', async () => {
  const at = join(folder, 'cut');
  const { states, ends } = await written(at);
  const log = await readFile(join(at, 'counts.log'));
  assert.deepEqual(Object.keys(states.at(-1) ?? {}), ['a', 'c', 'd']);
  for (let length = 0; length <= log.length; length++) {
    await writeFile(join(at, 'counts.log'), log.subarray(0, length));
    const backing = await open(at);
    const whole = ends.filter((end) => end <= length).length;
    const expected = states[Math.max(0, whole - 1)];
    assert.deepEqual(contents(backing), expected, `${length} bytes`);
    if (length % 29 > 0) continue;
    await backing.commit(changes({ more: 'yes' }));
    assert.deepEqual(contents(await open(at)), { ...expected, more: 'yes' });
  }
});

test('what was read from a log is as it was written, memory of its own included', async () => {
  const at = join(folder, 'numbers');
  await (await open(at)).commit(new Map([['turn', new Uint8Array(Float64Array.of(7).buffer)]]));
  const read = (await open(at)).get('turn') ?? new Uint8Array();
  // A store reads numbers so; of Node's buffers, `slice` is a part of what was read.
  assert.deepEqual(new Float64Array(read.slice().buffer), Float64Array.of(7));
});

test('a byte that changed ends the log there', async () => {
  const at = join(folder, 'flipped');
  const { states, ends } = await written(at);
  const log = await readFile(join(at, 'counts.log'));
  for (let place = 4; place < log.length; place++) {
    const damaged = Buffer.from(log);
    damaged[place] = (damaged[place] ?? 0) ^ 0x10;
    await writeFile(join(at, 'counts.log'), damaged);
    const whole = ends.filter((end) => end <= place).length;
    assert.deepEqual(contents(await open(at)), states[Math.max(0, whole - 1)], `byte ${place}`);
    assert.deepEqual(await readFile(join(at, 'counts.log.bad')), damaged, 'what it was is kept beside');
  }
});

test('a file that is no log, or cannot be read, is left as it is', async () => {
  const at = join(folder, 'odd');
  await written(at);
  const path = join(at, 'counts.log');
  const log = await readFile(path);
  const unreadable: Files = {
    ...fs,
    readFile: async (file) => {
      if (file.endsWith('.log')) throw Object.assign(new Error('input/output error'), { code: 'EIO' });
      return fs.readFile(file);
    },
  };
  await assert.rejects(open(at, unreadable), /input\/output error/);
  assert.deepEqual(await readFile(path), log);
  for (let place = 0; place < 4; place++) {
    const odd = Buffer.from(log);
    odd[place] = (odd[place] ?? 0) ^ 1;
    await writeFile(path, odd);
    await assert.rejects(
      open(at),
      (error) => error instanceof HedgerowError && error.code === 'recording_damaged',
    );
    assert.deepEqual(await readFile(path), odd);
  }
  await writeFile(path, log);
  assert.deepEqual(Object.keys(contents(await open(at))), ['a', 'c', 'd'], 'no lock was left');
});

/** A disk that fails at the n-th call of anything that writes. */
function failing(at: number): Files {
  let calls = 0;
  const fail = () => {
    calls += 1;
    if (calls === at) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  };
  return {
    ...fs,
    async open(path, flags) {
      const file = await fs.open(path, flags);
      return {
        async write(data, offset, length, position) {
          try {
            fail();
          } catch (error) {
            // Half of it is written.
            await file.write(data, offset, length >> 1, position);
            throw error;
          }
          return file.write(data, offset, length, position);
        },
        async datasync() {
          fail();
          await file.datasync();
        },
        async truncate(length) {
          fail();
          await file.truncate(length);
        },
        close: () => file.close(),
      };
    },
    async rename(from, to) {
      fail();
      await fs.rename(from, to);
    },
    async copyFile(from, to) {
      fail();
      await fs.copyFile(from, to);
    },
  };
}

test('on a disk that fails, a commit that was refused is not there, and all others are', async () => {
  let refusals = 0;
  for (let call = 1; call < 24; call++) {
    const at = join(folder, `failing-${call}`);
    let backing: Backing;
    try {
      backing = await open(at, failing(call));
    } catch (error) {
      assert.ok(error instanceof Error);
      backing = await open(at);
    }
    for (const commit of commits) {
      const before = contents(backing);
      try {
        await backing.commit(changes(commit));
      } catch {
        refusals += 1;
        assert.deepEqual(contents(backing), before);
        await backing.commit(changes(commit));
      }
    }
    assert.deepEqual(contents(await open(at)), { a: 'again', c: '', d: 'x'.repeat(300) }, `call ${call}`);
  }
  assert.ok(refusals >= 10, `${refusals}`);
});

test('a log that ends amid a change is there whole after a disk has failed to cut it off', async () => {
  const at = join(folder, 'failing-cut');
  const { states } = await written(at);
  const log = Buffer.concat([await readFile(join(at, 'counts.log')), Buffer.from([0, 0, 1])]);
  let refusals = 0;
  for (let call = 1; call < 8; call++) {
    await writeFile(join(at, 'counts.log'), log);
    await open(at, failing(call)).catch(() => {
      refusals += 1;
    });
    assert.deepEqual(contents(await open(at)), states.at(-1), `call ${call}`);
  }
  // The copy and the cut.
  assert.equal(refusals, 2);
});

test('a log does not grow for ever', async () => {
  const at = join(folder, 'long');
  const backing = await open(at);
  const hour = 'h'.repeat(20_000);
  for (let commit = 0; commit < 600; commit++) {
    await backing.commit(changes({ hour: `${hour}${commit}`, [`k${commit % 5}`]: `${commit}` }));
  }
  const { size } = await stat(join(at, 'counts.log'));
  assert.ok(size < 5_000_000, `${size} bytes`);
  assert.deepEqual(contents(await open(at)), contents(backing));
  assert.equal(contents(backing).hour, `${hour}599`);
});

const isLocked = (error: unknown) => error instanceof HedgerowError && error.code === 'recording_locked';

test('a log is of one at a time: of another process, or in this one', async () => {
  const at = join(folder, 'locked');
  const as = (pid: number) => fileBacking(fs, { pid, kill: (other) => process.kill(other, 0) }, at, 'counts');
  const first = await as(process.pid);
  await assert.rejects(as(process.pid), isLocked, 'in this one');
  await first.commit(changes({ a: 'one' }));
  await first.close();
  assert.deepEqual((await readdir(at)).sort(), ['counts.log'], 'the lock is gone with it');
  await writeFile(join(at, `counts.${process.ppid}.lock`), '');
  await assert.rejects(as(process.pid), isLocked, 'of another');
  await rm(join(at, `counts.${process.ppid}.lock`));
  for (const nobody of [2 ** 30, process.pid, 'x']) {
    await writeFile(join(at, `counts.${nobody}.lock`), '');
    const next = await as(process.pid);
    assert.deepEqual(contents(next), { a: 'one' }, `left by ${nobody}`);
    await next.close();
  }
});

test('of several that come at once, at most one gets the log, and whoever comes then', async () => {
  const at = join(folder, 'race');
  const alive = new Set([1_000, 1_001, 1_002]);
  const kill = (pid: number) => {
    if (!alive.has(pid)) throw Object.assign(new Error('no such process'), { code: 'ESRCH' });
  };
  await (await open(at)).close();
  opened.splice(0);
  let wins = 0;
  for (let round = 0; round < 30; round++) {
    await writeFile(join(at, 'counts.999.lock'), '');
    const all = [...alive].map((pid) => fileBacking(fs, { pid, kill }, at, 'counts'));
    const settled = await Promise.allSettled(all);
    const got = settled.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    assert.ok(got.length <= 1, `round ${round}`);
    for (const one of settled)
      if (one.status === 'rejected') assert.ok(isLocked(one.reason), String(one.reason));
    wins += got.length;
    await got[0]?.close();
    const next = await fileBacking(fs, { pid: 1_000, kill }, at, 'counts');
    await next.close();
    assert.deepEqual(await readdir(at), ['counts.log']);
  }
  assert.ok(wins > 15, `${wins} of 30`);
});
