import { expect, test } from 'vitest';
import { addressText, authorityOf, defaultPort, hostText, plainAuthority } from '../../../src/config/authority.ts';

test.each([
  ['http', 'origin.example', 80, 'origin.example'],
  ['https', 'origin.example', 443, 'origin.example'],
  ['http', 'origin.example', 443, 'origin.example:443'],
  ['https', '10.0.0.1', 8443, '10.0.0.1:8443'],
  ['http', '::1', 80, '[::1]'],
  ['http', '::1', 8080, '[::1]:8080'],
] as const)('%s to %s at %d is %s', (protocol, host, port, authority) => {
  expect(authorityOf({ protocol, host, port })).toBe(authority);
});

test.each([
  ['http', 'Shop.Example', 'shop.example'],
  ['http', 'shop.example:80', 'shop.example'],
  ['http', 'shop.example:443', 'shop.example:443'],
  ['https', 'SHOP.example:443', 'shop.example'],
  ['https', '[::1]:8443', '[::1]:8443'],
] as const)('copies of %s from %s are kept under %s', (protocol, written, plain) => {
  expect(plainAuthority(protocol, written)).toBe(plain);
});

test('ports and hosts as they are written', () => {
  expect([defaultPort('http'), defaultPort('https')]).toEqual([80, 443]);
  expect(['::1', '10.0.0.1', 'a.example'].map(hostText)).toEqual(['[::1]', '10.0.0.1', 'a.example']);
});

test('an address is written with its port, an IPv6 one in brackets', () => {
  expect(addressText('shop.test', 443)).toBe('shop.test:443');
  expect(addressText('10.0.0.1', 80)).toBe('10.0.0.1:80');
  expect(addressText('2001:db8::1', 8080)).toBe('[2001:db8::1]:8080');
});
