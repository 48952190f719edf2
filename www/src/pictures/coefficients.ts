import type { Coefficient } from 'hedgerow';
import { coefficientFinding } from '../lib/findings.ts';
import * as format from '../lib/format.ts';
import { classColour } from '../lib/palette.ts';
import type { ModelFacts } from '../worker/protocol.ts';
import { labelRoom, ROOM, shortened } from './draw.ts';
import type { FigureProps, RowCell } from './kinds.ts';

/** More features than these are only in the table, and more rows than those not even there. */
const MOST = 20;
const MOST_ROWS = 2000;
/** Half the width of a 95 % interval, in standard errors. */
const INTERVAL = 1.96;

/** A coefficient as it is drawn: brought to one scale where that is known, so that they can be compared. */
function drawnValue({ standardized, value }: Coefficient): number {
  return standardized ?? value;
}

/** Of the drawn value. */
function drawnError(one: Coefficient): number | null {
  if (one.stdError === null || one.value === 0) return null;
  return one.stdError * Math.abs(drawnValue(one) / one.value);
}

/** The coefficients of a linear model, the largest first: one a feature, or one a feature and class. */
export function coefficientPicture({ coefficients, info }: ModelFacts): FigureProps[] {
  const terms = coefficients.filter(({ feature }) => feature !== null);
  if (terms.length === 0) return [];
  const { task, target } = info.schema;
  const classes = task.kind === 'classification' ? task.classes : [];
  const drawnClasses = [...new Set(terms.map((term) => term.class))];
  const many = drawnClasses.length > 1;
  const size = new Map<string, number>();
  for (const term of terms) {
    const name = term.feature ?? '';
    size.set(name, Math.max(size.get(name) ?? 0, Math.abs(drawnValue(term))));
  }
  const domain = [...size.keys()].sort((a, b) => (size.get(b) ?? 0) - (size.get(a) ?? 0)).slice(0, MOST);
  const shown = new Set(domain);
  const points = terms
    .filter(({ feature }) => shown.has(feature ?? ''))
    .map((term) => ({
      name: term.feature ?? '',
      value: drawnValue(term),
      error: (drawnError(term) ?? 0) * INTERVAL,
      colour: many ? classColour(classes.indexOf(term.class ?? '')) : 'var(--accent)',
    }));
  const known = points.some(({ error }) => error > 0);
  const scaled = terms.some(({ standardized }) => standardized !== null);
  const adds =
    classes.length === 0 ? target.name : many ? 'the score of each class' : `the score of ${drawnClasses[0]}`;
  return [
    {
      title: coefficientFinding(terms, drawnValue),
      about: `Coefficients: what ${scaled ? 'one standard deviation' : 'one more'} of a column adds to ${adds}${
        known ? ', with 95 % intervals' : ''
      }.`,
      legend: many
        ? drawnClasses.map((label) => ({
            label: label ?? '',
            colour: classColour(classes.indexOf(label ?? '')),
            value: '',
          }))
        : [],
      picture: (Plot) => ({
        height: 52 + Math.max(4, domain.length) * 22,
        marginLeft: labelRoom(
          domain.map((name) => shortened(name, 22)),
          180,
        ),
        marginBottom: ROOM.marginBottom,
        x: { label: 'Coefficient', ticks: 5, grid: true },
        y: { domain, tickFormat: (name: string) => shortened(name, 22), label: null, tickSize: 0 },
        marks: [
          Plot.ruleX([0], { stroke: 'var(--strong-line)' }),
          many
            ? Plot.dot(points, { x: 'value', y: 'name', r: 4, fill: 'colour', fillOpacity: 0.85 })
            : Plot.barX(points, { x: 'value', y: 'name', fill: 'colour', insetTop: 3, insetBottom: 3 }),
          Plot.ruleY(
            points.filter(({ error }) => error > 0),
            {
              y: 'name',
              x1: ({ value, error }) => value - error,
              x2: ({ value, error }) => value + error,
              stroke: 'var(--ink)',
            },
          ),
        ],
        color: { type: 'identity' },
      }),
      rows: {
        head: ['Column', 'Class', 'For one more', 'Standard error', 'For one standard deviation'],
        body: coefficients
          .slice(0, MOST_ROWS)
          .map((one): RowCell[] => [
            one.feature ?? 'Intercept',
            one.class ?? '',
            one.value,
            one.stdError,
            one.standardized,
          ]),
        format: (cell) => (typeof cell === 'string' ? cell : format.number(cell)),
      },
    },
  ];
}
