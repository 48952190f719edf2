import type { ClassificationReport } from 'hedgerow';
import { confusionFinding } from '../lib/findings.ts';
import * as format from '../lib/format.ts';
import { labelRoom, shortened } from './draw.ts';
import type { FigureProps } from './kinds.ts';

/** Past this many classes the counts no longer fit into the cells. */
const MOST_WRITTEN = 14;

export function confusion(report: ClassificationReport): FigureProps {
  const { classes } = report;
  const labels = classes.map((label) => shortened(label, classes.length > MOST_WRITTEN ? 6 : 14));
  const cells = report.confusion.flatMap((row, actual) => {
    const total = row.reduce((sum, rows) => sum + rows, 0);
    return row.map((rows, predicted) => ({ actual, predicted, rows, share: total > 0 ? rows / total : 0 }));
  });
  const room = labelRoom(labels);
  return {
    title: confusionFinding(report),
    about:
      'Rows by actual class (down) and predicted class (across); the stronger the colour, the larger the share of the actual class.',
    wide: classes.length > MOST_WRITTEN,
    picture: (Plot, width) => ({
      height: Math.min(
        720,
        Math.max(160, Math.min(108, (width - room) / classes.length) * classes.length) + 64,
      ),
      marginLeft: room,
      marginTop: 10,
      marginBottom: 44,
      x: {
        domain: classes.keys(),
        tickFormat: (index: number) => labels[index] ?? '',
        label: 'Predicted',
      },
      y: {
        domain: classes.keys(),
        tickFormat: (index: number) => labels[index] ?? '',
        label: 'Actual',
      },
      opacity: { domain: [0, 1], range: [0.03, 1] },
      marks: [
        Plot.cell(cells, {
          x: 'predicted',
          y: 'actual',
          fill: 'var(--accent)',
          fillOpacity: 'share',
          inset: 0.5,
        }),
        classes.length <= MOST_WRITTEN
          ? Plot.text(cells, {
              x: 'predicted',
              y: 'actual',
              text: (cell) => format.count(cell.rows),
              fill: (cell) =>
                cell.share > 0.55 ? 'var(--accent-ink)' : cell.rows > 0 ? 'var(--ink)' : 'var(--faint)',
              fontSize: 13,
            })
          : null,
      ],
      color: { type: 'identity' },
    }),
    rows: {
      head: ['Actual', 'Predicted', 'Rows', 'Share of the actual class'],
      body: cells
        .filter(({ rows }) => rows > 0)
        .sort((a, b) => b.rows - a.rows)
        .map(({ actual, predicted, rows, share }) => [
          classes[actual] ?? '',
          classes[predicted] ?? '',
          rows,
          share,
        ]),
      format: (cell, place) =>
        typeof cell === 'string' ? cell : place === 3 ? format.percent(cell) : format.count(cell ?? 0),
    },
  };
}
