/** Flights that change from month to month: a table for the test of what a model sees later. */

const CARRIERS = ['UA', 'DL', 'AA', 'B6'];

/** Numbers from 0 to 1 that are the same every time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * Flights of a month: with every month later delays grow and one carrier flies more, and of another nobody knows
 * any more whether it is late; distance and hour stay as they are.
 */
export function flights(rows: number, month: number, seed = 1): string {
  const random = numbers(seed);
  const lines = ['hour,carrier,distance,wind,dep_delay,late'];
  for (let row = 0; row < rows; row += 1) {
    const hour = 6 + Math.floor(random() * 16);
    const share = 0.4 + month * 0.15;
    const carrier = random() < share ? 'UA' : CARRIERS[1 + Math.floor(random() * 3)];
    const distance = Math.round(200 + random() * 2200);
    const wind = (4 + random() * 10 + random() * 10).toFixed(1);
    const delay = Math.round(-5 + (random() + random() + random()) * 12 + month * 6);
    const isLate = delay + random() * 12 - hour / 4 > 14;
    // One carrier's flights are no longer what they were.
    const late = carrier === 'B6' && month > 0 ? random() < 0.5 : isLate;
    const cells = [hour, carrier, distance, random() < 0.03 ? '' : wind, delay, late ? 'yes' : 'no'];
    lines.push(cells.join(','));
  }
  return `${lines.join('\n')}\n`;
}
