import { expect, test } from 'vitest';
import { peerAddressOf, unmapped } from '../../../src/table/peer-address.ts';

test.each([
  ['1.2.3.4', '1.2.3.4'],
  ['::ffff:1.2.3.4', '1.2.3.4'],
  ['::FFFF:1.2.3.4', '1.2.3.4'],
  ['::ffff:102:304', '1.2.3.4'],
  ['::ffff:c0a8:ff', '192.168.0.255'],
  ['0:0:0:0:0:ffff:1.2.3.4', '1.2.3.4'],
  ['0000:0000:0000:0000:0000:ffff:0102:0304', '1.2.3.4'],
  ['::1', '::1'],
  ['::ffff:1', '::ffff:1'],
  ['2001:db8::ffff:1.2.3.4', '2001:db8::ffff:1.2.3.4'],
  ['64:ff9b::1.2.3.4', '64:ff9b::1.2.3.4'],
  ['', ''],
])('%s is %s', (address, expected) => {
  expect(unmapped(address)).toBe(expected);
});

test('a peer that has gone has no address', () => {
  expect(peerAddressOf({ remoteAddress: undefined })).toBe('');
  expect(peerAddressOf({ remoteAddress: '::ffff:10.0.0.1' })).toBe('10.0.0.1');
});
