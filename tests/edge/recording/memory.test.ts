/** What recording needs of memory: at most 64 kB for 20 features. What it takes of time is measured, not tested. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Recorder } from 'hedgerow/edge/recording';
import { type Models, models } from '../support/exports.js';
import { batchesOf, exported, table } from '../support/wide.js';

let made: Models;
before(async () => {
  made = await models();
});
after(() => made.remove());

for (const [what, target] of [
  ['classes', (row: number) => (row % 3 > 0 ? 'yes' : 'no')],
  ['numbers', (row: number) => String((row * 7_919) % 4_001)],
] as const) {
  test(`layout and counts of 20 features of numbers, and of predicted ${what}, have at most 64 kB`, async (context) => {
    const { rows, csv } = table(0, target);
    const { scorer, recorder: module } = await exported(made.folder, `memory-${what}`, csv);
    const recorder = Recorder.from(module);
    for (const { columns, scores } of batchesOf(scorer, rows, 400)) recorder.record(columns, 400, scores);
    // Rows that come one by one wait for others.
    for (const { columns, scores } of batchesOf(scorer, rows.slice(0, 8), 1))
      recorder.record(columns, 1, scores);
    context.diagnostic(`${recorder.allocated} bytes`);
    assert.ok(recorder.allocated <= 65_536, `${recorder.allocated} bytes`);
    recorder.report([recorder.take()], '');
    const { allocated } = recorder;
    // The last result is one of them.
    assert.ok(allocated <= 2 * 65_536, `${allocated} bytes`);
  });
}
