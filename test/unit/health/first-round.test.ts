import { beforeEach, expect, test } from 'vitest';
import type { Topology } from '../../../src/config/topology.ts';
import { FirstRound } from '../../../src/health/first-round.ts';
import { EndpointTable } from '../../../src/table/endpoint-table.ts';
import { workerBlockBytes } from '../../../src/table/worker-block.ts';

const LIMITS = { rows: 8, services: 2, workers: 1 };
const AT = { rows: {}, slots: { shop: 0, blog: 1 } };

let live: EndpointTable['live'];
let round: FirstRound;
let known: Set<string>;

const shape = (services: Readonly<Record<string, readonly string[]>>): Topology =>
  ({
    services: Object.entries(services).map(([name, ids]) => ({ name, endpoints: ids.map((id) => ({ id })) })),
  }) as unknown as Topology;
const update = (services: Readonly<Record<string, readonly string[]>>): void =>
  round.update(shape(services), AT, (id) => known.has(id));
const check = (id: string): void => {
  known.add(id);
  round.checked(id);
};

beforeEach(() => {
  live = EndpointTable.create(0, LIMITS, workerBlockBytes(LIMITS)).live;
  round = new FirstRound(live);
  known = new Set();
});

test('a service starts until each of its endpoints has been checked', () => {
  update({ shop: ['a', 'b'], blog: ['c'] });
  expect([...live.starting]).toEqual([1, 1]);
  check('a');
  check('c');
  expect([...live.starting]).toEqual([1, 0]);
  check('a');
  expect(live.starting[0]).toBe(1);
  check('b');
  expect([...live.starting]).toEqual([0, 0]);
});

test('one that gets another endpoint later does not start again; one that gets only others does', () => {
  update({ shop: ['a', 'b'] });
  check('a');
  check('b');
  update({ shop: ['a', 'new'] });
  expect(live.starting[0]).toBe(0);
  update({ shop: ['x', 'y'] });
  expect(live.starting[0]).toBe(1);
});

test('a reload in the middle of the first round does not end it, and what has gone is not waited for', () => {
  update({ shop: ['a', 'b', 'c'] });
  check('a');
  update({ shop: ['a', 'b'] });
  expect(live.starting[0]).toBe(1);
  check('b');
  expect(live.starting[0]).toBe(0);
});

test('an endpoint that two services share is checked for both', () => {
  update({ shop: ['a', 'b'], blog: ['a'] });
  check('a');
  expect([...live.starting]).toEqual([1, 0]);
  check('b');
  expect([...live.starting]).toEqual([0, 0]);
});
