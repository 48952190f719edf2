import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mlflowCode, pulledText, pushedText, serverOf, transferText, withCommand } from './mlflow.ts';

const pushed = { runs: 12, points: 400, files: 30, versions: 1, changes: 50, plain: [] };
const pulled = { runs: 0, points: 0, versions: 0, running: 0, others: 0 };

test('an address may be copied from the page of the server', () => {
  assert.equal(serverOf(' http://localhost:5000/#/experiments/1 '), 'http://localhost:5000');
  assert.equal(serverOf('https://a.org/mlflow/'), 'https://a.org/mlflow');
});

test('what was sent and what was there already', () => {
  assert.equal(pushedText(pushed), 'Sent: 12 new runs, 1 new version, 30 files.');
  assert.match(pushedText({ ...pushed, changes: 0 }), /^Nothing was new/);
  assert.match(pushedText({ ...pushed, plain: ['ab'] }), /1 model without an ONNX form/);
  assert.equal(pulledText(pulled), 'Nothing was new.');
  assert.match(pulledText({ ...pulled, runs: 1, running: 2 }), /^Came in: 1 new run, .* Left: 2 runs/);
});

test('how far it is, and when the server is asked again', () => {
  const progress = { phase: 'transfer' as const, done: 3, total: 12, transfer: { at: 'tuning', wait: null } };
  assert.equal(transferText(progress), '3 of 12 · tuning');
  assert.match(transferText({ ...progress, transfer: { at: '', wait: 4 } }), /again in 4 s/);
});

test('a command in a message stands by itself', () => {
  const message = 'pages of x cannot read that (CORS). Start it with: mlflow server --cors-allowed-origins x';
  const found = withCommand({ code: 'mlflow_blocked', message, details: {} });
  assert.equal(found?.command, 'mlflow server --cors-allowed-origins x');
  assert.equal(withCommand({ code: 'mlflow_busy', message, details: {} }), null);
});

test('code has the address and no credentials', () => {
  const [script, shell] = mlflowCode({ url: 'http://a:1/', models: true, experiment: 'my runs' });
  assert.match(script?.text ?? '', /push\('http:\/\/a:1', \{ token, models: true \}\)/);
  assert.match(shell?.text ?? '', /push \\\n {2}--to http:\/\/a:1 \\\n {2}--models/);
  assert.match(shell?.text ?? '', /--experiment 'my runs'/);
});
