/** What recording needs of memory: at most 64 kB for 20 features. What it takes of time is measured, not tested. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Recorder } from 'hedgerow/edge/recording';
import { type Models, models } from '../support/exports.js';
import { batchesOf, exported, table } from '../support/wide.js';

let made: Models;
before(async () => {
  made = await models();
});
after(() => made.remove());

const ofClasses = (row: number) => (row % 3 > 0 ? 'yes' : 'no');

for (const [what, words, target] of [
  ['20 numbers, and of predicted classes,', 0, ofClasses],
  ['20 numbers, and of predicted numbers,', 0, (row: number) => String((row * 7_919) % 4_001)],
  ['10 words and 10 numbers', 10, ofClasses],
] as const) {
  test(`layout and counts of ${what} have at most 64 kB, a profile at most 16 kB`, async (context) => {
    const { rows, csv } = table(words, target);
    const { scorer, recorder: module } = await exported(made.folder, `memory-${words}-${target(7)}`, csv);
    const recorder = Recorder.from(module);
    for (const { columns, scores } of batchesOf(scorer, rows, 400)) recorder.record(columns, 400, scores);
    // Rows that come one by one wait for others.
    for (const { columns, scores } of batchesOf(scorer, rows.slice(0, 8), 1))
      recorder.record(columns, 1, scores);
    context.diagnostic(`${recorder.allocated} bytes`);
    assert.ok(recorder.allocated <= 65_536, `${recorder.allocated} bytes`);
    const profile = recorder.take();
    assert.ok(gzipSync(profile).length <= 16_000, `${gzipSync(profile).length} bytes`);
    recorder.report([profile], '');
    const { allocated } = recorder;
    // The last result is one of them.
    assert.ok(allocated <= 2 * 65_536, `${allocated} bytes`);
  });
}
