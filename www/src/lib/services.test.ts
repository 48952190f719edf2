import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressesIn, addressKey, askedOf, dayAddresses } from './services.ts';

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

test('each day of a service has an address, which says what is asked', () => {
  const hours = ['2026-03-02T00:00Z', '2026-02-28T23:00Z', '2026-02-28T01:00Z'].map((text) => new Date(text));
  const days = dayAddresses('https://a.example/v1/', hours);
  assert.deepEqual(days, [
    'https://a.example/v1/profile?from=2026-02-28&to=2026-03-01',
    'https://a.example/v1/profile?from=2026-03-02&to=2026-03-03',
  ]);
  assert.deepEqual(askedOf(days[1] ?? ''), {
    url: 'https://a.example/v1',
    from: new Date('2026-03-02'),
    to: new Date('2026-03-03'),
  });
  assert.deepEqual(askedOf('https://a.example/v1'), { url: 'https://a.example/v1' });
  assert.deepEqual(askedOf('no address'), { url: 'no address' });
});
