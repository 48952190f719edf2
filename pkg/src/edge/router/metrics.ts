/** What a router did, as Prometheus reads it: of all its workers, as far as they have told. */
import { family, labelled, type Sample } from '../metrics.js';
import type { Figure } from './figures.js';
import type { Settings } from './options.js';
import type { Summary } from './store.js';
import type { Reason } from './switch.js';

const COPIES: readonly [Figure, string][] = [
  ['copied', 'answered'],
  ['copiesFailed', 'failed'],
  ['copiesSkipped', 'skipped'],
];

export function routerMetrics(
  settings: Settings,
  { figures, arms, share, waiting }: Summary,
  killed: ReadonlyMap<string, Reason>,
): string {
  const { experiment, mode, variants } = settings;
  const others = variants.filter(({ control }) => !control);
  const own = { experiment };
  const total = variants.reduce((sum, { weight }) => sum + weight, 0);
  const one = (variant: string, value: number, labels = {}): Sample => [
    labelled({ ...own, variant, ...labels }),
    value,
  ];
  const each = (figure: Figure, of = variants) =>
    of.map(({ name }) => one(name, figures[name]?.[figure] ?? 0));
  const copies = others.flatMap(({ name }) =>
    COPIES.map(([figure, status]) => one(name, figures[name]?.[figure] ?? 0, { status })),
  );
  const units = variants.map(({ name }, place) => one(name, arms[place]?.n ?? 0));
  const means = variants.flatMap(({ name }, place) => {
    const arm = arms[place];
    return arm && arm.n > 0 ? [one(name, ('sum' in arm ? arm.sum : arm.successes) / arm.n)] : [];
  });
  const lines = [
    ...family('hedgerow_router_info', 'gauge', 'The experiment.', [[labelled({ ...own, mode }), 1]]),
    ...family(
      'hedgerow_router_weight_ratio',
      'gauge',
      'The share of units of each variant.',
      variants.map(({ name, weight }) => one(name, weight / total)),
    ),
    ...family(
      'hedgerow_router_killed',
      'gauge',
      'Whether a variant is killed.',
      others.map(({ name }) => one(name, Number(killed.has(name)))),
    ),
    ...family(
      'hedgerow_router_assignments_total',
      'counter',
      'Requests of units of each variant.',
      each('assigned'),
    ),
    ...family(
      'hedgerow_router_answers_total',
      'counter',
      'Requests that each variant answered.',
      each('answered'),
    ),
    ...family(
      'hedgerow_router_errors_total',
      'counter',
      'Requests that each variant failed to answer.',
      each('failed'),
    ),
    ...family('hedgerow_router_units', 'gauge', 'Units of each variant in the experiment.', units),
    ...family('hedgerow_router_sampled_ratio', 'gauge', 'The share of units that the experiment counts.', [
      [labelled(own), share],
    ]),
    ...family('hedgerow_router_outcome_mean', 'gauge', 'The mean outcome of a unit.', means),
    ...family('hedgerow_router_waiting_requests', 'gauge', 'Requests that wait for feedback.', [
      [labelled(own), waiting],
    ]),
    ...family(
      'hedgerow_router_copies_total',
      'counter',
      'Copies for shadows, by what became of them.',
      copies,
    ),
    ...family(
      'hedgerow_router_compared_rows_total',
      'counter',
      'Rows of shadows that were compared with the control.',
      each('rowsCompared', others),
    ),
    ...family(
      'hedgerow_router_agreeing_rows_total',
      'counter',
      'Those of them that were the same.',
      each('rowsAgreeing', others),
    ),
    ...family(
      'hedgerow_router_absolute_difference_total',
      'counter',
      'How far they are apart.',
      each('absoluteDifference', others),
    ),
  ];
  return [...lines, ''].join('\n');
}
