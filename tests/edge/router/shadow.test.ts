/** Shadows: copies of requests, whose answers are only compared. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Handler } from 'hedgerow/edge/router';
import { refuses } from '../support/requests.js';
import { A, ask, B, fails, get, router, says, slow, stateOf, units, waiting } from '../support/routed.js';

// What waits keeps no process alive.
const alive = setInterval(() => undefined, 1_000);
after(() => clearInterval(alive));

const shadow = (to: Handler, more = {}) =>
  // What runs after an answer tells the store, too, and is waited for here.
  router({ mode: 'shadow', variants: [A(says('a', 'x', 1.5)), B(to)], flushAfter: 1, ...more });

test('the control answers all; what a shadow says is compared', async () => {
  const own = shadow(says('a', 'y', 1));
  const after = waiting();
  for (const unit of units(3)) {
    const response = await own.handle(ask(unit), after);
    assert.equal(response.headers.get('x-hedgerow-variant'), 'A');
    assert.deepEqual(await response.json(), { predictions: ['a', 'x', 1.5] });
    await after.all();
  }
  const { B: other } = await stateOf(own);
  assert.deepEqual(
    [other?.copied, other?.rowsCompared, other?.rowsAgreeing, other?.absoluteDifference],
    [3, 9, 3, 1.5],
  );
  await refuses(own.handle, get('/experiment'), 409, 'no_experiment');
});

test('a shadow that is slow, fails or says something else does not touch the answer', async () => {
  for (const to of [
    fails,
    // Never: if the answer waited for it, there would be none.
    () => new Promise<Response>(() => undefined),
    says('only one'),
    async () => new Response('odd'),
    async () => Promise.reject(new Error('x')),
  ]) {
    const own = shadow(to, { timeout: 200 });
    const after = waiting();
    let isOver = false;
    const response = await own.handle(ask('u'), after);
    const copied = after.all().then(() => {
      isOver = true;
    });
    assert.deepEqual(await response.json(), { predictions: ['a', 'x', 1.5] });
    assert.ok(!isOver, 'the answer was there first');
    await copied;
    const { B: other } = await stateOf(own);
    assert.equal((other?.copied ?? 0) + (other?.copiesFailed ?? 0), 1);
    assert.equal(other?.rowsCompared, 0);
  }
});

test('there are no more copies at a time than there may be', async () => {
  let [running, most] = [0, 0];
  const counts: Handler = async (request) => {
    most = Math.max(most, ++running);
    const answer = await slow(30)(request);
    running -= 1;
    return answer;
  };
  const own = shadow(counts, { copies: 3 });
  const after = waiting();
  await Promise.all(units(20).map((unit) => own.handle(ask(unit), after)));
  await after.all();
  const { B: other } = await stateOf(own);
  assert.equal(most, 3);
  assert.deepEqual([other?.copied, other?.copiesSkipped], [3, 17]);
});

test('one that is killed, or has no weight, gets no copies', async () => {
  const asked: Request[] = [];
  const notes: Handler = async (request) => {
    asked.push(request);
    return Response.json({});
  };
  for (const own of [shadow(notes, { kill: ['B'] }), shadow(notes, { variants: [A(), B(notes, 0)] })]) {
    const after = waiting();
    await own.handle(ask('u'), after);
    await after.all();
  }
  assert.equal(asked.length, 0);
});
