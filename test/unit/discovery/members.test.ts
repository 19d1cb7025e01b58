import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expanded, idsOf } from '../../../src/discovery/members.ts';
import type { Address } from '../../../src/table/addresses.ts';
import { endpointOf, serviceOf, topologyOf } from './topology.ts';

const NAME = endpointOf('app.internal', { expand: 3, capacity: 40 });
const OTHER = endpointOf('10.9.9.9');
const TOPOLOGY = topologyOf(serviceOf([NAME, OTHER]));
const NOBODY: ReadonlySet<string> = new Set();
const at = (...hosts: readonly string[]): readonly Address[] => hosts.map((host) => ({ host, port: 80 }));
const expand = (addresses: readonly Address[], before = NOBODY) => expanded(TOPOLOGY, { [NAME.id]: addresses }, before);
const idOf = (host: string) => `${NAME.id}#${host}`;

test('a file without any such name is as it is', () => {
  const topology = topologyOf(serviceOf([OTHER]));
  const book = {};
  expect(expanded(topology, book, NOBODY)).toEqual({ topology, book, beyond: [] });
  expect(expanded(topology, book, NOBODY).topology).toBe(topology);
});

test('until its name is resolved an endpoint stands for itself', () => {
  expect([...idsOf(expanded(TOPOLOGY, {}, NOBODY).topology)]).toEqual([NAME.id, OTHER.id]);
});

test('each address is an endpoint like the one of the file, with its capacity, its host and one address', () => {
  const { topology, book } = expand(at('10.0.0.7', '10.0.0.3'));
  const [first, second, third] = topology.services[0]?.endpoints ?? [];
  expect([first?.id, second?.id, third?.id]).toEqual([idOf('10.0.0.3'), idOf('10.0.0.7'), OTHER.id]);
  expect(first).toMatchObject({ capacity: 40, url: NAME.url, memberOf: NAME.id });
  expect(first).not.toHaveProperty('expand');
  expect(book).toEqual({ [idOf('10.0.0.3')]: at('10.0.0.3'), [idOf('10.0.0.7')]: at('10.0.0.7') });
});

test('ports that SRV names are part of the name, and IPv6 serves where there is no IPv4', () => {
  const { topology } = expand([
    { host: '10.0.0.7', port: 9001 },
    { host: '10.0.0.7', port: 9002 },
    { host: 'fd00::7', port: 9002 },
  ]);
  expect([...idsOf(topology)]).toEqual([`${NAME.id}#10.0.0.7:9001`, `${NAME.id}#10.0.0.7:9002`, OTHER.id]);
  expect([...idsOf(expand(at('fd00::7')).topology)]).toEqual([idOf('fd00::7'), OTHER.id]);
});

test('of too many, those stay that are in force, and the others go by their order', () => {
  const many = at('10.0.0.5', '10.0.0.4', '10.0.0.3', '10.0.0.2', '10.0.0.1');
  const { topology, beyond } = expand(many);
  expect([...idsOf(topology)]).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3'].map(idOf).concat(OTHER.id));
  expect(beyond).toEqual([{ endpoint: NAME.id, addresses: 5, used: 3 }]);
  const kept = expand(many, new Set([idOf('10.0.0.5'), idOf('10.0.0.4')])).topology;
  expect([...idsOf(kept)]).toEqual(['10.0.0.1', '10.0.0.4', '10.0.0.5'].map(idOf).concat(OTHER.id));
});

test('whatever is answered in whatever order: ids are once each, as many as may be, and the same answer changes nothing', () => {
  const answers = fc.uniqueArray(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(fc.array(answers, { minLength: 1 }), fc.nat(20), (rounds, turn) => {
      let before = NOBODY;
      for (const round of rounds) {
        const hosts = round.map((n) => `10.0.0.${n}`);
        const { topology, book } = expand(at(...hosts), before);
        const ids = (topology.services[0]?.endpoints ?? []).map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.length).toBe(Math.min(3, hosts.length) + 1);
        expect(Object.keys(book).length).toBe(ids.length - 1);
        before = new Set(ids);
        const turned = [...hosts.slice(turn % hosts.length), ...hosts.slice(0, turn % hosts.length)];
        expect(idsOf(expand(at(...turned), before).topology)).toEqual(before);
      }
    }),
  );
});

test('endpoints of a backend are expanded once, for every service that sends to it, each with its weight and tier there', () => {
  const shared = endpointOf('app.internal', { expand: 2, service: 'pool' });
  const policy = { ...serviceOf([]), name: 'pool' };
  const users = [
    serviceOf([{ ...shared, weight: 0.5, set: 'stable' }], {}, 'browsers'),
    serviceOf([{ ...shared, tier: 2 }], {}, 'apps'),
  ].map((service) => ({ ...service, backends: [policy] }));
  const topology = {
    ...topologyOf(users[0] as (typeof users)[number]),
    services: users,
    backends: [{ ...policy, endpoints: [shared] }],
  };
  const {
    topology: inForce,
    book,
    beyond,
  } = expanded(topology, { [shared.id]: at('10.0.0.3', '10.0.0.1', '10.0.0.2') }, new Set([`${shared.id}#10.0.0.3`]));
  const ids = [`${shared.id}#10.0.0.1`, `${shared.id}#10.0.0.3`];
  expect([...idsOf(inForce)]).toEqual(ids);
  expect(inForce.backends?.[0]?.endpoints.map(({ id, service }) => [id, service])).toEqual(
    ids.map((id) => [id, 'pool']),
  );
  expect(
    inForce.services.map(({ endpoints }) => endpoints.map(({ id, weight, tier, set }) => [id, weight, tier, set])),
  ).toEqual([ids.map((id) => [id, 0.5, 1, 'stable']), ids.map((id) => [id, 1, 2, undefined])]);
  expect(Object.keys(book).toSorted()).toEqual(ids);
  expect(beyond).toEqual([{ endpoint: shared.id, addresses: 3, used: 2 }]);
});
