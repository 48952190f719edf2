// Trains with a profile and watches: what came out, in figures that are the same everywhere.
import { Table, train } from 'hedgerow';
import { Monitor } from 'hedgerow/monitor';

async function hashOf(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** `csv` is what is trained on, `later` what came afterwards, `workers` where it is done. */
export async function monitored(csv, later, workers) {
  const table = await Table.fromCsv(csv);
  const learner = { kind: 'random-forest', nEstimators: 5 };
  const model = await train(table, { target: 'species', learner, profile: true, workers });
  const watch = await Monitor.of(model);
  const rows = await Table.fromCsv(later);
  const { profile, findings } = await watch.profile(rows, { workers });
  const segments = await watch.segments(rows, { workers });
  const report = watch.report([profile]);
  return { sha256: model.sha256, profile: await hashOf(profile), findings, report, segments };
}
