import { expect, test } from 'vitest';
import { OUTAGE_ENDPOINTS_MAX, Outage } from '../../../src/health/outage.ts';
import { endpointOf, serviceOf, topologyOf } from '../discovery/topology.ts';

const idOf = (host: string) => `shop/aws/us-east-1/${host}:80`;

function outageOf(hosts: readonly string[]): Outage {
  const outage = new Outage();
  outage.update(topologyOf(serviceOf(hosts.map((host) => endpointOf(host)))));
  return outage;
}

const down = (...hosts: string[]) => {
  const ids = new Set(hosts.map(idOf));
  return (id: string) => ids.has(id);
};

test.each<[string, string[], string[], boolean]>([
  ['all are down', ['a', 'b'], ['a', 'b'], true],
  ['one is not', ['a', 'b', 'c'], ['a', 'b'], false],
  ['there is but one', ['a'], ['a'], false],
])('%s', (_, hosts, those, total) => {
  expect(outageOf(hosts).isTotal('shop', down(...those))).toBe(total);
});

test('the first that is found ends it for the others, and who comes next has ended nothing', () => {
  const outage = outageOf(['a', 'b', 'c']);
  expect(outage.endedBy(idOf('a'), 'shop', down('b', 'c'))).toEqual([idOf('b'), idOf('c')]);
  expect(outage.endedBy(idOf('b'), 'shop', down('c'))).toEqual([]);
  expect(outageOf(['a']).endedBy(idOf('a'), 'shop', down())).toEqual([]);
});

test('a service that is not in force has no outage, and one with very many endpoints is not looked through', () => {
  const many = Array.from({ length: OUTAGE_ENDPOINTS_MAX + 1 }, (_, i) => `h${i}`);
  expect(outageOf(['a', 'b']).isTotal('other', () => true)).toBe(false);
  expect(outageOf(many).isTotal('shop', () => true)).toBe(false);
  expect(outageOf(many).endedBy(idOf('h1'), 'shop', () => true)).toEqual([]);
});
