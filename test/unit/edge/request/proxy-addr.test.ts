import { expect, test } from 'vitest';
import { compileTrust } from '../../../../src/edge/request/proxy-addr.ts';

test.each([
  [[], '127.0.0.1', false],
  [['loopback'], '127.0.0.1', true],
  [['loopback'], '::1', true],
  [['loopback'], '10.0.0.1', false],
  [['uniquelocal'], '10.1.2.3', true],
  [['uniquelocal'], 'fd00::1', true],
  [['linklocal'], '169.254.1.1', true],
  [['10.1.0.0/16'], '10.1.255.255', true],
  [['10.1.0.0/16'], '10.2.0.0', false],
  [['2001:db8::/32'], '2001:db8:1::1', true],
  [['2001:db8::/32'], '2001:db9::1', false],
  [['203.0.113.7', 'loopback'], '203.0.113.7', true],
  [['10.0.0.0/8'], '::ffff:10.0.0.1', true],
])('%j trusts %s: %s', (trusted, address, answer) => {
  expect(compileTrust(trusted)(address)).toBe(answer);
});

// A connection that has gone has no address, and link-local ones carry a zone.
test.each(['', 'garbage', 'fe80::1%eth0', '1.2.3', '1.2.3.4.5'])('"%s" is a stranger, and no error', (address) => {
  expect(compileTrust(['loopback', '10.0.0.0/8'])(address)).toBe(false);
});

test('what is no address is refused', () => {
  expect(() => compileTrust(['everybody'])).toThrow(TypeError);
});
