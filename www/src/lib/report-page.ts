/**
 * The report of a model's new rows as a page of its own: one file without scripts, made of profiles, so there are
 * no rows in it.
 */
import type { ColumnDrift, Finding, MonitorReport } from 'hedgerow/monitor';
import type { WatchedFacts } from '../worker/protocol.ts';
import { shapePaths } from './bars.ts';
import {
  barsOf,
  besideOf,
  columnFinding,
  FINDING_TITLES,
  headline,
  missingShare,
  ordered,
  predictionText,
  roleText,
  STATUS_TEXTS,
  statusOf,
  testText,
  thresholdText,
} from './drift.ts';
import * as format from './format.ts';
import { bandText, isWorse, knownOf, performanceAbout, performanceFinding } from './performance.ts';
import { fileStem } from './recipe.ts';
import { runMetricLabel, runMetricText } from './run-facts.ts';
import { conditionsText, errorText, segmentFinding, type Worst } from './segments.ts';

export interface Reported {
  watched: Pick<WatchedFacts, 'sha256' | 'info'>;
  report: MonitorReport;
  findings: readonly Finding[];
  worst: Worst | null;
  /** In the order they are told. */
  places: readonly { name: string; report: MonitorReport }[];
  /** When, in milliseconds since 1970. */
  made: number;
}

const STYLE = `:root{color-scheme:light dark;--ink:#1a1d1b;--soft:#57605b;--line:#e2e5e2;--then:#9fb3a9;--now:#23694a;--bad:#a52a2a}
@media(prefers-color-scheme:dark){:root{--ink:#e7ebe8;--soft:#adb6b1;--line:#2a2f2c;--then:#56685e;--now:#7ac7a0;--bad:#f0928b;background:#121413}}
body{max-width:1080px;margin:0 auto;padding:24px 16px 48px;color:var(--ink);font:14px/1.45 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:20px}h2{margin-top:28px;font-size:16px}h3{margin:0;font-size:14px}
p{margin:4px 0}.soft{color:var(--soft)}.bad{color:var(--bad);font-weight:600}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:4px 14px 4px 0;border-bottom:1px solid var(--line);text-align:left;white-space:nowrap}th{font-weight:500}
.n{text-align:right}figure{margin:0;padding:14px;border:1px solid var(--line);border-radius:8px}
.all{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,320px),1fr));gap:14px}
svg{display:block;width:100%;margin-top:8px}.then{fill:var(--then)}.now{fill:none;stroke:var(--now);stroke-width:1.6}
.key{display:inline-block;width:10px;height:10px;margin:0 4px 0 12px;border-radius:2px}summary{color:var(--soft);font-size:12.5px}`;

function safe(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

export function reportFileName({ sha256, info }: Reported['watched']): string {
  return `drift-${fileStem(info.schema.target.name, sha256)}.html`;
}

export function reportPage({ watched, report, findings, worst, places, made }: Reported): string {
  const { name } = watched.info.schema.target;
  const columns = ordered(report.columns, 'worst');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Drift of ${safe(name)}</title><style>${STYLE}</style></head><body>
<h1>${safe(headline(report))}</h1>
<p class="soft">Model ${safe(format.id(watched.sha256))}, which predicts ${safe(name)}: ${format.counted(report.rows, 'new row')} beside ${format.counted(report.referenceRows, 'training row')}. Predictions: ${predictionText(report).toLowerCase()}. Made on ${format.date(made)} UTC by Hedgerow from profiles; there are no rows in this file.</p>
${alarms(report)}${odd(findings)}${answers(report)}${worst ? segments(worst, watched.info.schema.features) : ''}
<h2>Columns</h2><div class="scroll">${table(columns)}</div>
<h2>Now and before</h2><p class="soft"><span class="key" style="background:var(--then)"></span>before: training rows, and of answers rows kept out of training<span class="key" style="background:var(--now)"></span>now; share of the rows with a value</p>
<div class="all">${columns.map(figure).join('\n')}</div>
${places.length > 1 ? placed(places) : ''}</body></html>
`;
}

function alarms({ alarms }: MonitorReport): string {
  if (alarms.length === 0) return '<h2>No alarm</h2>';
  const items = alarms.map(({ message }) => `<li>${safe(format.capital(message))}</li>`);
  return `<h2 class="bad">${format.counted(alarms.length, 'alarm')}</h2><ul>${items.join('')}</ul>`;
}

function odd(findings: readonly Finding[]): string {
  if (findings.length === 0) return '';
  const items = findings.map(
    ({ code, message }) => `<li><strong>${FINDING_TITLES[code]}</strong>: ${safe(message)}</li>`,
  );
  return `<h2>${format.counted(findings.length, 'finding')}</h2><ul>${items.join('')}</ul>`;
}

function answers(report: MonitorReport): string {
  const known = knownOf(report);
  if (!known) return '';
  const head = row(['Metric', 'Now', '95 % interval', 'Kept out of training'], 1, 'th');
  const body = known.performance.metrics.map((metric) => {
    const { name, value, reference } = metric;
    const now = runMetricText(name, value);
    return row(
      [
        runMetricLabel(name),
        isWorse(metric) ? `<span class="bad">${now}</span>` : now,
        bandText(metric),
        reference === undefined ? '–' : runMetricText(name, reference),
      ],
      1,
    );
  });
  return `<h2>${safe(performanceFinding(known))}</h2><p class="soft">${performanceAbout(known)}</p><div class="scroll"><table><thead>${head}</thead><tbody>${body.join('')}</tbody></table></div>`;
}

function segments({ name, segments }: Worst, fields: WatchedFacts['info']['schema']['features']): string {
  const head = row(['Where', 'Error', 'Elsewhere', 'Rows'], 1, 'th');
  const body = segments.map((segment) =>
    row(
      [
        safe(conditionsText(segment, fields)),
        errorText(segment, segment.error),
        errorText(segment, segment.errorElsewhere),
        format.count(segment.rows),
      ],
      1,
    ),
  );
  return `<h2>${safe(segmentFinding(segments, fields))}</h2><p class="soft">The worst segments of ${safe(name)}, beyond chance.</p><div class="scroll"><table><thead>${head}</thead><tbody>${body.join('')}</tbody></table></div>`;
}

function row(cells: readonly string[], numbers: number, tag = 'td'): string {
  const put = (cell: string, place: number) =>
    `<${tag}${place >= numbers ? ' class="n"' : ''}>${cell}</${tag}>`;
  return `<tr>${cells.map(put).join('')}</tr>`;
}

function table(columns: readonly ColumnDrift[]): string {
  const head = row(
    ['Column', 'Role', 'Status', 'Test', 'Score', 'Drift is', 'Missing', 'Missing in training'],
    4,
    'th',
  );
  const body = columns.map((column) => {
    const status = statusOf(column);
    const { reference, current } = column.picture;
    return row(
      [
        safe(column.name),
        roleText(column.role),
        status === 'drift' ? `<span class="bad">${STATUS_TEXTS.drift}</span>` : STATUS_TEXTS[status],
        testText(column.test),
        format.number(column.score),
        thresholdText(column),
        format.percent(missingShare(current)),
        format.percent(missingShare(reference)),
      ],
      4,
    );
  });
  return `<table><thead>${head}</thead><tbody>${body.join('')}</tbody></table>`;
}

const WIDTH = 320;
const HEIGHT = 110;

function figure(column: ColumnDrift): string {
  const { picture } = column;
  const bars = barsOf(picture);
  const { before, now } = shapePaths(bars.before, bars.now, WIDTH, HEIGHT);
  const title = safe(columnFinding(column));
  const ends = picture.edges
    ? `<p class="soft">from ${format.number(picture.edges[0])} to ${format.number(picture.edges.at(-1))}</p>`
    : `<p class="soft">${[...(picture.words ?? []), 'any other'].slice(0, bars.now.length).map(safe).join(', ')}</p>`;
  return `<figure><h3>${title}</h3><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}"><path class="then" d="${before}"/><path class="now" d="${now}"/></svg>${ends}<details><summary>Table</summary><div class="scroll">${numbers(column)}</div></details></figure>`;
}

function numbers(column: ColumnDrift): string {
  const { picture } = column;
  const { edges, words = [], reference, current } = picture;
  const labels = edges
    ? edges.slice(1).map((to, index) => `${format.number(edges[index])} to ${format.number(to)}`)
    : [...words.map(safe), 'any other'].slice(0, barsOf(picture).now.length);
  const body = labels.map((label, index) =>
    row([label, format.percent(reference.shares[index]), format.percent(current.shares[index])], 1),
  );
  return `<table><thead>${row(['Value', besideOf(column), 'Now'], 1, 'th')}</thead><tbody>${body.join('')}</tbody></table>`;
}

function placed(places: Reported['places']): string {
  const body = places.map(({ name, report }) =>
    row([safe(name), format.count(report.rows), format.percent(report.driftedShare)], 1),
  );
  const head = row(['Rows of', 'Rows', 'Drifted features'], 1, 'th');
  return `<h2>One by one</h2><div class="scroll"><table><thead>${head}</thead><tbody>${body.join('')}</tbody></table></div>`;
}
