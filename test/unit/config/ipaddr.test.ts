import { expect, test } from 'vitest';
import { isAddress, trustedPeer } from '../../../src/config/ipaddr.ts';

test.each(['10.0.0.1', '0.0.0.0', '::', '::1', '2001:db8::1', '::ffff:10.0.0.1'])('%s is an address', (text) => {
  expect(isAddress(text)).toBe(true);
});

test.each([
  '10.1',
  '256.0.0.1',
  '0x7f000001',
  '2130706433',
  '010.0.0.1.1',
  'fe80::1%eth0',
  ':::',
  '[::1]',
  '',
  'localhost',
])('%s is none', (text) => {
  expect(isAddress(text)).toBe(false);
});

test.each([
  'loopback',
  'linklocal',
  'uniquelocal',
  '10.0.0.0/8',
  '10.0.0.7/32',
  '0.0.0.0/0',
  '2001:db8::/32',
  '::/0',
  '10.0.0.1',
])('%s may be trusted', (text) => {
  expect(trustedPeer.read(text)).toEqual({ ok: true, value: text });
});

test.each([
  ['10.0.0.0/33', 'after the slash of 10.0.0.0 goes a number from 0 to 32'],
  ['2001:db8::/129', 'after the slash of 2001:db8:: goes a number from 0 to 128'],
  ['10.0.0.0/', 'after the slash of 10.0.0.0 goes a number from 0 to 32'],
  ['10.0.0.0/255.0.0.0', 'after the slash of 10.0.0.0 goes a number from 0 to 32'],
  ['loopbak', 'did you mean "loopback"?'],
  ['10.0.0/8', 'it is "10.0.0/8"'],
  ['example.com', 'it is "example.com"'],
  [10, 'it is the number 10'],
])('%s may not, and the message says why', (value, message) => {
  const read = trustedPeer.read(value);
  expect(read.ok ? 'taken' : read.faults[0]?.message).toContain(message);
});
