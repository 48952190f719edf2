/**
 * Builds the host program in Rust of the target `embed`, and holds what it predicts against the library. No
 * test: a runtime of WebAssembly takes minutes to compile. `cargo xtask bench --rust-host` builds, and calls it:
 *
 *     node --import tsx rust-host.mjs --target-dir FOLDER
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { models, names } from './support/exports.ts';

const { values: given } = parseArgs({ options: { 'target-dir': { type: 'string' } } });

const made = await models();
try {
  for (const name of names) {
    const { exported, rows, expected } = await made.trained(name);
    const told = execFileSync('cargo', ['run', '--quiet', '--release', '--target-dir', given['target-dir']], {
      cwd: await exported('embed'),
      input: JSON.stringify(rows.map(withMillis)),
      stdio: ['pipe', 'pipe', 'inherit'],
      encoding: 'utf8',
    });
    assert.deepEqual(JSON.parse(told), expected);
    console.log(`${name}: from Rust, ${rows.length} rows as the library has them`);
  }
} finally {
  await made.remove();
}

/** The program takes dates as milliseconds. */
function withMillis(row) {
  if (!row.seen) return row;
  const date = row.seen.replace(' ', 'T');
  return { ...row, seen: Date.parse(/T[\d:.]+$/.test(date) ? `${date}Z` : date) };
}
