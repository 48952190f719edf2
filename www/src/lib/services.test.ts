import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressesIn, addressKey } from './services.ts';

test('addresses stand on lines or between commas, each once', () => {
  assert.deepEqual(addressesIn(' https://a.example \nhttps://b.example, https://a.example\n'), [
    'https://a.example',
    'https://b.example',
  ]);
  assert.deepEqual(addressesIn(' \n'), []);
  assert.deepEqual(addressesIn('https://a.example/v1/ https://A.example/v1 https://a.example:443/v1//'), [
    'https://a.example/v1/',
  ]);
});

test('a service is known by its address, however that is spelled', () => {
  assert.equal(addressKey('HTTPS://A.example:443/x/'), addressKey('https://a.example/x'));
  assert.notEqual(addressKey('https://a.example/x'), addressKey('https://a.example/X'));
  assert.notEqual(addressKey('https://a.example'), addressKey('http://a.example'));
  assert.equal(addressKey('no address/'), 'no address');
});
