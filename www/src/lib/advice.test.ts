import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ColumnSummary, Warning } from 'hedgerow';
import { adviceOn } from './advice.ts';

function column(
  name: string,
  missing: number,
  codes: Warning['code'][],
  kind: ColumnSummary['kind'] = 'category',
) {
  const warnings = codes.map((code) => ({ code, message: `${name} is ${code}` }));
  return { name, kind, count: 100 - missing, missing, unique: 3, top: [], warnings };
}

test('the target comes first, with its missing rows and rare classes', () => {
  const advice = adviceOn([column('id', 0, ['id_like']), column('class', 7, ['rare_classes'])], 'class');
  assert.deepEqual(
    advice.map(({ key, remedy }) => [key, remedy]),
    [
      ['class/missing', 'drop-rows'],
      ['class/rare_classes', undefined],
      ['id/id_like', 'leave-out'],
    ],
  );
  assert.match(advice[0]?.text ?? '', /7 rows have no value/);
});

test('missing values and rare categories of a feature are no trouble', () => {
  assert.deepEqual(adviceOn([column('a', 50, ['rare_classes'])], 'class'), []);
});

test('text is not left out: it is not learned from', () => {
  assert.equal(adviceOn([column('name', 0, ['id_like'], 'text')], null)[0]?.remedy, undefined);
});
