/** Data of any size for measuring growth: the same numbers on every machine. */

/** A generator of numbers from 0 to 1 (mulberry32: 32-bit integers only, so exact everywhere). */
function generator(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Columns `f0`, `f1`, … of uniform numbers, and `y`, 0 or 1: a rule of products over the first ten,
 * with every tenth row turned around, so that trees have something to find to any depth.
 */
export function synthetic(rows, columns) {
  const random = generator(42);
  const table = {};
  for (let column = 0; column < columns; column++) {
    table[`f${column}`] = Float64Array.from({ length: rows }, random);
  }
  const at = (column, row) => table[`f${column}`][row] - 0.5;
  table.y = Float64Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let column = 0; column < 10; column += 2) sum += at(column, row) * at(column + 1, row);
    const turned = random() < 0.1;
    return sum > 0 !== turned ? 1 : 0;
  });
  return table;
}
