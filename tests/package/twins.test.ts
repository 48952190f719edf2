/**
 * Kernels with instructions for sixteen bytes at a time do what those without do, in WebAssembly: two modules
 * of the same code (`crates/learn/src/twins.rs`) answer alike.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const folder = process.env.TWINS ?? fileURLToPath(new URL('../../target/twins', import.meta.url));

interface Twin {
  memory: WebAssembly.Memory;
  has_simd(): number;
  name(kernel: number): number;
  outputs(kernel: number, seed: number): bigint;
}

/** Cases of each kernel. */
const SEEDS = 5_000;

let simd: Twin;
let scalar: Twin;

before(async () => {
  [simd, scalar] = await Promise.all([load('simd'), load('scalar')]);
});

async function load(name: string): Promise<Twin> {
  const { instance } = await WebAssembly.instantiate(await readFile(join(folder, `${name}.wasm`)));
  return instance.exports as unknown as Twin;
}

function names({ memory, name }: Twin): string[] {
  const found: string[] = [];
  for (let at = name(0); at !== 0; at = name(found.length)) {
    const bytes = new Uint8Array(memory.buffer, at);
    found.push(new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0))));
  }
  return found;
}

test('kernels answer alike with SIMD and without, for whatever they are given', () => {
  const kernels = names(simd);
  assert.ok(kernels.length > 10);
  assert.deepEqual(
    [simd, scalar].map((twin) => twin.has_simd()),
    [1, 0],
  );
  for (const [kernel, name] of kernels.entries()) {
    const all = new Set<bigint>();
    for (let seed = 0; seed < SEEDS; seed++) {
      const found = simd.outputs(kernel, seed);
      assert.equal(found, scalar.outputs(kernel, seed), `${name}, seed ${seed}`);
      all.add(found);
    }
    assert.ok(all.size > 1, `${name} does not depend on its inputs`);
  }
});
