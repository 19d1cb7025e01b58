import { expect, test } from 'vitest';
import type { Part } from '../../../src/discovery/dns.ts';
import { ADDRESSES_MAX, addressesOf, failureOf, withParts } from '../../../src/discovery/known-parts.ts';

const part = (name: string, ...hosts: string[]): Part => ({
  name,
  addresses: hosts.map((host) => ({ host, port: undefined })),
});
const failing = (name: string): Part => ({ name, addresses: [], error: 'ESERVFAIL' });
const after = (...answers: (readonly Part[])[]): string[] =>
  addressesOf(answers.reduce(withParts, new Map())).map(({ host }) => host);

test('a part that was answered replaces what it had, also by nothing', () => {
  expect(after([part('A', '10.0.0.1'), part('AAAA', 'fd00::1')], [part('A', '10.0.0.2'), part('AAAA')])).toEqual([
    '10.0.0.2',
  ]);
});

test('a part that failed keeps what it had, and what it never had does not come of it', () => {
  expect(after([part('A', '10.0.0.1'), failing('AAAA')])).toEqual(['10.0.0.1']);
  expect(after([part('A', '10.0.0.1')], [failing('A'), part('AAAA', 'fd00::1')])).toEqual(['10.0.0.1', 'fd00::1']);
});

test('an SRV target that fails as a whole keeps all its parts, and one that is not named any more goes', () => {
  const before = [part('a.test:80 A', '10.0.0.1'), part('b.test:8 A', '10.0.0.2'), part('b.test:80 A', '10.0.0.3')];
  expect(after(before, [part('a.test:80 A', '10.0.0.9'), failing('b.test:8')])).toEqual(['10.0.0.9', '10.0.0.2']);
  expect(after(before, [part('b.test:80 A', '10.0.0.3')])).toEqual(['10.0.0.3']);
});

test('each address once, and no more than are used', () => {
  expect(after([part('A', '10.0.0.1', '10.0.0.1'), part('system', '10.0.0.1')])).toEqual(['10.0.0.1']);
  const many = Array.from({ length: ADDRESSES_MAX + 5 }, (_, i) => `10.0.1.${i}`);
  expect(after([part('A', ...many)])).toHaveLength(ADDRESSES_MAX);
});

test('failure names the parts and why', () => {
  expect(failureOf([part('A', '10.0.0.1')])).toBe('');
  expect(failureOf([part('A', '10.0.0.1'), failing('AAAA'), failing('b.test:8')])).toBe(
    'AAAA ESERVFAIL, b.test:8 ESERVFAIL',
  );
});
