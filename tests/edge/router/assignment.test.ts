/** Which variant a unit gets. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { assignedOf, createRouter, unitOf } from 'hedgerow/edge/router';
import { post } from '../support/requests.js';
import { A, ask, B, keeping, router, says, units, variantOf } from '../support/routed.js';

/** The 0.9999 quantile of chi-square with one degree of freedom, a normal one squared, and with two, -2 ln 0.0001. */
const CHI_SQUARE = [15.14, 18.42];

const places = (many: number) => units(many).map((unit) => unitOf('e', unit).place);

test('a unit is its hash, as anyone can calculate it', async () => {
  // printf 'flights-1:customer-17' | sha256sum
  const digits = 'bb5c531e8dd0deb1deebd3aa2781e3862a91e2e65a55ac97c9000f9c0359553c';
  const { place, id } = unitOf('flights-1', 'customer-17');
  assert.equal(place, Number.parseInt(digits.slice(0, 13), 16) / 16 ** 13);
  assert.equal(id, digits.slice(16, 32));
});

for (const weights of [
  [0.5, 0.5],
  [0.9, 0.1],
  [99, 1],
  [5, 3, 2],
]) {
  test(`units are spread as the weights ${weights.join(' and ')} say`, async () => {
    const counts = weights.map(() => 0);
    const many = 20_000;
    for (const place of places(many)) {
      const variant = assignedOf(place, weights, 0);
      counts[variant] = (counts[variant] ?? 0) + 1;
    }
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const off = counts.map((count, variant) => {
      const expected = (many * (weights[variant] ?? 0)) / total;
      return (count - expected) ** 2 / expected;
    });
    const statistic = off.reduce((sum, one) => sum + one, 0);
    assert.ok(statistic < (CHI_SQUARE[weights.length - 2] ?? 0), `${counts}: ${statistic}`);
  });
}

test('the hash is SHA-256 of any text', async () => {
  for (const text of [
    '',
    'Ünlü 🐧',
    ...Array.from({ length: 200 }, (_, length) => 'x'.repeat(length)),
    'y'.repeat(70_000),
  ]) {
    const digits = createHash('sha256').update(`e:${text}`).digest('hex');
    const expected = { place: Number.parseInt(digits.slice(0, 13), 16) / 16 ** 13, id: digits.slice(16, 32) };
    assert.deepEqual(unitOf('e', text), expected, `${text.length}`);
  }
});

test('another experiment assigns anew, independently', async () => {
  const many = 4_000;
  const same = units(many).map((unit) => {
    const [one, other] = [unitOf('e', unit), unitOf('f', unit)];
    return assignedOf(one.place, [1, 1], 0) === assignedOf(other.place, [1, 1], 0);
  });
  const share = same.filter(Boolean).length / many;
  // Five standard deviations.
  assert.ok(Math.abs(share - 0.5) < 5 * Math.sqrt(0.25 / many), `${share}`);
});

test('a weight that changes moves only units between the control and that variant', async () => {
  const all = places(5_000);
  const moves = (before: number[], after: number[]) => {
    const seen = new Map<string, number>();
    for (const place of all) {
      const [from, to] = [assignedOf(place, before, 0), assignedOf(place, after, 0)];
      if (from !== to) seen.set(`${from} to ${to}`, (seen.get(`${from} to ${to}`) ?? 0) + 1);
    }
    return seen;
  };
  const canary = moves([0.9, 0.1], [0.8, 0.2]);
  assert.deepEqual([...canary.keys()], ['0 to 1']);
  assert.ok(Math.abs((canary.get('0 to 1') ?? 0) / all.length - 0.1) < 0.02);
  assert.deepEqual([...moves([0.8, 0.2], [0.9, 0.1]).keys()], ['1 to 0']);
  assert.deepEqual(
    [...moves([0.8, 0.2], [0.7, 0.2, 0.1]).keys()],
    ['0 to 2'],
    'a new one, behind the others',
  );
  assert.deepEqual([...moves([8, 2], [80, 20]).keys()], [], 'only ratios matter');
});

test('a variant without weight has no unit, and a control without weight none of its own', async () => {
  const all = places(2_000);
  assert.ok(all.every((place) => assignedOf(place, [1, 0], 0) === 0));
  assert.ok(all.every((place) => assignedOf(place, [0, 0.3, 0.7], 0) !== 0));
  assert.equal(assignedOf(1 - 2 ** -52, [0, 0.1, 0.2], 0), 2);
});

test('the same unit gets the same variant, from every instance', async () => {
  const [one, other] = [router(), createRouter({ variants: [A(), B()], experiment: 'flights-1' })];
  for (const unit of units(50)) {
    const first = await variantOf(one, unit);
    assert.equal(first, assignedOf(unitOf('flights-1', unit).place, [0.5, 0.5], 0) === 0 ? 'A' : 'B');
    assert.equal(await variantOf(one, unit), first);
    assert.equal(await variantOf(other, unit), first);
  }
});

test('without the header a cookie is the unit, which is set where it is missing', async () => {
  const { handle } = router();
  const request = (headers: Record<string, string>) => {
    const asked = ask('', headers);
    asked.headers.delete('x-hedgerow-unit');
    return handle(asked);
  };
  const first = await request({});
  const cookie = first.headers.get('set-cookie') ?? '';
  assert.match(
    cookie,
    /^hedgerow-unit=[0-9a-f-]{36}; Path=\/; Max-Age=31536000; HttpOnly; SameSite=Lax; Secure$/,
  );
  for (let round = 0; round < 20; round++) {
    const next = await request({ cookie: `other=1; ${cookie.split(';')[0]}` });
    assert.equal(next.headers.get('x-hedgerow-variant'), first.headers.get('x-hedgerow-variant'));
    assert.equal(next.headers.get('set-cookie'), null);
  }
  const named = await handle(ask('customer', { cookie }));
  assert.equal(named.headers.get('set-cookie'), null, 'the header goes before');
});

test('where cookies are off, none is read or set', async () => {
  const own = router({ cookie: false });
  const response = await own.handle(
    post(
      '/invocations',
      { dataframe_records: [{}] },
      { cookie: 'false=a; hedgerow-unit=b', 'x-request-id': 'c' },
    ),
  );
  assert.equal(response.headers.get('set-cookie'), null);
  assert.equal(response.headers.get('x-hedgerow-variant'), await variantOf(own, 'c'));
  const others = ['a', 'b'].map((unit) => variantOf(own, unit));
  assert.ok(
    (await Promise.all(others)).some((variant) => variant !== response.headers.get('x-hedgerow-variant')),
  );
});

test('without either the request is the unit, by its id', async () => {
  const own = router({ cookie: false });
  const variant = async (id: string) => {
    const asked = ask('', { 'x-request-id': id });
    asked.headers.delete('x-hedgerow-unit');
    const { headers } = await own.handle(asked);
    assert.equal(headers.get('set-cookie'), null);
    assert.equal(headers.get('x-request-id'), id);
    return headers.get('x-hedgerow-variant');
  };
  const first = await variant('order/17');
  for (let round = 0; round < 5; round++) assert.equal(await variant('order/17'), first);
  assert.equal(new Set(await Promise.all(units(40).map(variant))).size, 2);
});

test('the header may have another name', async () => {
  const own = router({ key: 'x-customer' });
  const { place } = unitOf('flights-1', 'c-1');
  assert.equal(
    await variantOf(own, 'whoever', { 'x-customer': 'c-1' }),
    assignedOf(place, [0.5, 0.5], 0) === 0 ? 'A' : 'B',
  );
});

test('options that cannot be meant are refused', () => {
  const refuses = (options: object, code = 'bad_option') =>
    assert.throws(
      () => router(options),
      (error: { code?: string }) => error.code === code,
      JSON.stringify(options),
    );
  const variant = (more: object) => ({ name: 'x', to: says(1), ...more });
  refuses({ variants: [A()] });
  refuses({ variants: [A(says(1), 0), B(says(1), 0)] });
  refuses({ variants: [B(), variant({})] });
  refuses({ variants: [A(), { ...B(), control: true }] });
  refuses({ variants: [A(), A()] });
  refuses({
    variants: Array.from({ length: 21 }, (_, place) => variant({ name: `v${place}`, control: place === 0 })),
  });
  for (const weight of [-1, Number.NaN, Number.POSITIVE_INFINITY])
    refuses({ variants: [A(), variant({ weight })] });
  for (const name of ['', 'all', 'a b', '__proto__', 'x'.repeat(65)])
    refuses({ variants: [A(), variant({ name })] });
  refuses({ variants: [A(), variant({ to: 'ftp://host' })] });
  for (const option of [
    { experiment: '' },
    { mode: 'mirror' },
    { outcome: 'median' },
    { key: 'a b' },
    { cookie: 'a;b' },
    { timeout: 0 },
    { copies: 0 },
    { killErrors: 2 },
    { killRequests: 0 },
    { flushAfter: -1 },
    { token: '' },
  ]) {
    refuses(option);
  }
  refuses({ kill: ['C'] }, 'unknown_variant');
  refuses({ kill: ['A'] }, 'unknown_variant');
  assert.ok(router({}, keeping()));
});
