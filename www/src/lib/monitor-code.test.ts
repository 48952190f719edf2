import assert from 'node:assert/strict';
import { test } from 'node:test';
import { monitorCode, type Watching } from './monitor-code.ts';
import { freshRecipe, USUAL_MISSING } from './recipe.ts';
import { watchedReading } from './run-reading.ts';

const watching: Watching = {
  modelFile: 'm.safetensors',
  reference: null,
  places: [],
  reading: {},
  rules: null,
  windows: false,
};
const texts = (part: Partial<Watching>) => monitorCode({ ...watching, ...part }).map(({ text }) => text);

test('files and profiles are given as they are, services are asked first', () => {
  const [js, cli] = texts({
    places: [
      { name: 'my july.csv', kind: 'rows' },
      { name: 'may.hgp', kind: 'profile' },
      { name: 'https://a.example/', kind: 'service' },
    ],
  });
  assert.match(js ?? '', /Monitor\.of\(model\);/);
  assert.match(js ?? '', /for \(const name of \['my july\.csv'\]\)/);
  assert.match(js ?? '', /watch\.fetch\(url\)/);
  assert.match(js ?? '', /watch\.report\(profiles\);/);
  assert.equal(
    cli,
    "curl -fsSo service-1.hgp https://a.example/profile\nhedgerow monitor check m.safetensors 'my july.csv' may.hgp service-1.hgp",
  );
});

test('own rules and rows of reference are in both', () => {
  const rules = [{ name: 'gaps', figure: 'missing_share', above: 0.1 } as const];
  const [js, cli] = texts({ reference: freshRecipe('train.csv'), rules, windows: true });
  assert.match(js ?? '', /\{ reference: table \}/);
  assert.match(js ?? '', /\{ rules, windows: true \}/);
  assert.match(cli ?? '', / --windows/);
  assert.match(cli ?? '', /--reference train\.csv/);
  assert.match(cli ?? '', /<<'JSON'\n\[\n {2}\{"name":"gaps"/);
});

test('files are read as the run of the model read its own', () => {
  const usual = { encoding: 'utf8', missing: USUAL_MISSING, hasHeader: true } as const;
  assert.deepEqual(watchedReading({ csv: { ...usual, kinds: { hour: 'number' } } }), {});
  const reading = watchedReading({
    csv: { ...usual, encoding: 'latin1', missing: ['', 'calm'], delimiter: ';' },
  });
  const places = [{ name: 'july.csv', kind: 'rows' } as const];
  const [js, cli] = texts({ places, reading });
  assert.match(
    js ?? '',
    /fetch\(name\), \{ encoding: 'latin1', missing: \['', 'calm'\], delimiter: ';' \}\);/,
  );
  assert.match(
    cli ?? '',
    /--delimiter ';' \\\n {2}--encoding latin1 \\\n {2}--missing '' \\\n {2}--missing calm$/,
  );
});
