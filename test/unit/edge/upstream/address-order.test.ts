import { expect, test } from 'vitest';
import { ADDRESSES_TRIED_MAX, addressOrder } from '../../../../src/edge/upstream/address-order.ts';

const at = (...hosts: string[]) => hosts.map((host) => ({ host, port: 80 }));
const order = (hosts: string[], first: number, dead: string[] = []) =>
  addressOrder(at(...hosts), first, ({ host }) => dead.includes(host)).map(({ host }) => host);

test('each attempt begins one further on', () => {
  expect(order(['a', 'b', 'c'], 0)).toEqual(['a', 'b', 'c']);
  expect(order(['a', 'b', 'c'], 1)).toEqual(['b', 'c', 'a']);
  expect(order(['a', 'b', 'c'], 5)).toEqual(['c', 'a', 'b']);
  expect(order(['a'], 7)).toEqual(['a']);
});

test('the dead come last, and are tried all the same', () => {
  expect(order(['a', 'b', 'c'], 0, ['a'])).toEqual(['b', 'c', 'a']);
  expect(order(['a', 'b'], 1, ['a', 'b'])).toEqual(['b', 'a']);
});

test('IPv4 and IPv6 take turns, beginning with the family whose turn it is', () => {
  const both = ['10.0.0.1', '10.0.0.2', 'fd00::1', 'fd00::2', 'fd00::3'];
  expect(order(both, 0)).toEqual(['10.0.0.1', 'fd00::1', '10.0.0.2', 'fd00::2', 'fd00::3']);
  expect(order(both, 2)).toEqual(['fd00::1', '10.0.0.1', 'fd00::2', '10.0.0.2', 'fd00::3']);
});

test('one attempt goes through no more than so many, the living first', () => {
  const many = Array.from({ length: ADDRESSES_TRIED_MAX + 4 }, (_, i) => `10.0.0.${i}`);
  const tried = order(many, 0, many.slice(0, 4));
  expect(tried).toEqual(many.slice(4));
});
