/** One work of `--peers`: everyone does it by turns; then it is told who took what, and what holds. */

import { job, ours, peer, peers } from './contenders.mjs';
import { datasets } from './datasets.mjs';
import { median, reason } from './run.mjs';
import { works } from './works.mjs';

/** Runs by work, as several works may look at the same. */
const done = new Map();

/** The lines of a work's table, and its bounds. */
export async function compare(options, name) {
  const work = works[name];
  const runsOf = work.of ?? name;
  if (!done.has(runsOf)) done.set(runsOf, await runAll(options, works[runsOf]));
  const lines = summary(done.get(runsOf), work);
  return { lines: lines.map((line) => ({ work: name, ...line })), checks: checks(name, work, lines) };
}

/** What each contender took, run by run: of each `{ who, runs, error }`. */
async function runAll(options, { dataset, task, learner, alike, peers: names = [], once = [] }) {
  const more = task && { task };
  const form = ([who, form]) => ({
    who,
    run: () => form(options, job(options, dataset, learner, { alike, ...more })),
  });
  const other = (who) => ({
    who,
    run: () => peer(options, who, dataset, learner, more),
    once: once.includes(who),
  });
  const all = [...Object.entries(ours).map(form), ...[...names, ...once].map(other)];
  const contenders = all.filter(({ who }) => options.who.includes(who));
  for (const contender of contenders) contender.runs = [];
  for (let turn = 0; turn < options.times; turn++) {
    for (const contender of contenders) {
      if (!contender.error && (turn === 0 || !contender.once)) await runOnce(contender);
    }
  }
  return contenders;
}

async function runOnce(contender) {
  try {
    contender.runs.push(await contender.run());
    console.log(`  ${contender.who}: ${contender.runs.at(-1).cpu.toFixed(2)} s`);
  } catch (error) {
    contender.error = reason(error);
    console.log(`  ${contender.who}: FAILED: ${contender.error}`);
  }
}

/** One line a contender: seconds, score, memory. */
function summary(contenders, { dataset, of, time = 'cpu', metric }) {
  const told = metric ?? datasets[dataset ?? works[of].dataset].metric;
  return contenders.map(({ who, runs, error }) => {
    if (error) return { who, metric: told, error };
    const [{ metrics, alike, identity, wasm }] = runs;
    const measured = { seconds: median(runs, time), peak: median(runs, 'peak'), wasm };
    return { who, runs: runs.length, ...measured, metric: told, score: metrics[told], alike, identity };
  });
}

/** Every bound with what was measured of it: not a number, where a contender failed. */
function checks(name, work, lines) {
  const line = (who) => lines.find((line) => line.who === who);
  const own = [...sameModel(name, work, lines), ...(work.alike ? alikeChecks(name, line('Node')) : [])];
  const beside = work.bounds.flatMap(({ peer, forms = ['Node', 'Chromium'], ...bound }) => {
    const they = line(peer);
    if (!they) return [];
    const timed = bound.ratio === undefined ? [] : forms.filter(line);
    const speed = timed.map((form) => {
      const figure = line(form).seconds / they.seconds;
      return check(`${name}: CPU time, ${form} ÷ ${peer}`, figure, { most: bound.ratio });
    });
    return [...speed, ...scoreChecks(name, lines, they, bound)];
  });
  return [...beside, ...own];
}

/** All forms are to make the same model, byte for byte. */
function sameModel(name, { of }, lines) {
  const we = lines.filter(({ who }) => who in ours);
  if (of || we.length < 2) return [];
  const failed = we.some(({ error }) => error);
  const models = failed ? Number.NaN : new Set(we.map(({ identity }) => identity)).size;
  return [check(`${name}: different models of ${we.map(({ who }) => who).join(', ')}`, models, { most: 1 })];
}

/** Rows are to be predicted alike alone and in a batch. */
function alikeChecks(name, node) {
  if (!node) return [];
  return [
    check(`${name}: rows predicted alike alone and in a batch`, node.alike ?? Number.NaN, { least: 1 }),
  ];
}

/** The forms make the same model, so the score of one will do. */
function scoreChecks(name, lines, they, { within, least, factor }) {
  const we = lines.find(({ who }) => who in ours);
  if (!we) return [];
  const [metric, our, their] = [they.metric, we.score, they.score];
  const found = [];
  if (within !== undefined) {
    const figure = Math.abs(our - their);
    found.push(check(`${name}: ${metric} beside ${they.who}, difference`, figure, { most: within }));
  }
  if (least !== undefined) {
    found.push(check(`${name}: ${metric} less that of ${they.who}`, our - their, { least }));
  }
  if (factor !== undefined) {
    found.push(check(`${name}: ${metric} ÷ that of ${they.who}`, our / their, { most: factor }));
  }
  return found;
}

function check(what, figure, { most, least }) {
  return { what, figure, most, least };
}

/** The names of all who may be asked for. */
export const everyone = [...Object.keys(ours), ...Object.keys(peers)];
