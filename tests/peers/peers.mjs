/** `--peers`: all works, one table of who took what, and one of what must hold. */
import { compare, everyone } from './compare.mjs';
import { ours } from './contenders.mjs';
import { growth, memory } from './growth.mjs';
import { bound, isMet, table } from './tables.mjs';
import { works } from './works.mjs';

const names = [...Object.keys(works), 'growth', 'memory'];

/** Measures the works chosen; `who` has those who do them. */
export async function measurePeers({ only = names, who = everyone, ...options }) {
  check('work', only, names);
  check('contender', who, everyone);
  const all = { lines: [], checks: [] };
  for (const name of only) {
    console.log(`bench: ${name}`);
    const { lines, checks } = await measure({ ...options, who }, name);
    all.lines.push(...lines);
    all.checks.push(...checks.map((check) => ({ ...check, met: isMet(check) })));
  }
  console.log(`\n${whoTookWhat(all.lines)}\n`);
  if (all.checks.length > 0) console.log(mustHold(all.checks));
  return { ...all, met: all.checks.every(({ met }) => met) && all.lines.every(({ error }) => !error) };
}

function measure(options, name) {
  if (name === 'growth') return growth(options);
  if (name === 'memory') return memory(options);
  return compare(options, name);
}

function check(what, chosen, known) {
  const unknown = chosen.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`no ${what} ${unknown.join(', ')}; there are ${known.join(', ')}`);
}

function whoTookWhat(lines) {
  const forms = Object.keys(ours);
  const heads = ['work', 'who', 'CPU s', ...forms.map((form) => `${form} ÷`), 'score', '', 'peak MB'];
  const rows = lines.map((line) => {
    const { work, who, error, metric = '', runs } = line;
    if (error) return [work, who, 'FAILED', ...forms.map(() => ''), '', '', ''];
    const ratios = forms.map((form) => (who in ours ? '' : ratio(lines, line, form)));
    const score = line.score?.toFixed(4) ?? '';
    const seconds = `${line.seconds.toFixed(2)}${runs === 1 ? ' (1 run)' : ''}`;
    return [work, who, seconds, ...ratios, score, score && metric, (line.peak / 1e6).toFixed(0)];
  });
  const failures = lines.filter(({ error }) => error);
  const said = failures.map(({ work, who, error }) => `FAILED: ${work}, ${who}: ${error}`);
  return [table([heads, ...rows]), ...said].join('\n');
}

/** Our time beside a peer's, in the same work. */
function ratio(lines, { work, seconds }, form) {
  const we = lines.find((line) => line.work === work && line.who === form);
  return we?.seconds ? (we.seconds / seconds).toFixed(3) : '';
}

function mustHold(checks) {
  return table([['must hold', 'figure', 'bound', ''], ...checks.map((row) => [row.what, ...bound(row)])]);
}
