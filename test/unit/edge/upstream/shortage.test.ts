import { networkInterfaces } from 'node:os';
import { expect, test, vi } from 'vitest';
import { isShortage } from '../../../../src/edge/upstream/shortage.ts';

vi.mock('node:os', () => ({ networkInterfaces: vi.fn(() => ({})) }));

const coded = (code: string, address?: string) => Object.assign(new Error(code), { code, address });

test.each(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'])('%s is want of something here', (code) => {
  expect(isShortage(coded(code))).toBe(true);
});

test.each(['ECONNREFUSED', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND', 'EACCES'])('%s is not', (code) => {
  expect(isShortage(coded(code))).toBe(false);
});

test('what is no error with a code is not', () => {
  expect([new Error('x'), { code: 7 }].map((error) => isShortage(error))).toEqual([false, false]);
});

const one = (family: 'IPv4' | 'IPv6', internal: boolean, scopeid = 0) => ({ family, internal, scopeid });

test.each([
  ['all ports towards an IPv4 address are taken', '10.0.0.1', [], true],
  ['no IPv6 address here at all', '2001:db8::1', [one('IPv4', false), one('IPv6', true)], false],
  ['only a link-local one', '2001:db8::1', [one('IPv6', false, 2)], false],
  ['one from which it could be reached', '2001:db8::1', [one('IPv6', false)], true],
  ['loopback', '::1', [one('IPv6', true)], true],
] as const)('EADDRNOTAVAIL: %s', (_, address, own, expected) => {
  vi.mocked(networkInterfaces).mockReturnValue({ eth0: own as never });
  expect(isShortage(coded('EADDRNOTAVAIL', address))).toBe(expected);
});
