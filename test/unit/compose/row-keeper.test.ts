import { beforeEach, describe, expect, test } from 'vitest';
import { RowKeeper } from '../../../src/compose/row-keeper.ts';
import type { Topology } from '../../../src/config/topology.ts';
import { CLOUDS } from '../../../src/config/topology-cloud.ts';
import { closedAfter } from '../../../src/resilience/breaker-cells.ts';
import {
  CLOUD_CELLS,
  EndpointTable,
  HEALTH_UNKNOWN,
  WITNESS_NONE,
  WITNESS_SEVERAL,
} from '../../../src/table/endpoint-table.ts';
import { countCell, levelCell, SERVICE_CELLS } from '../../../src/table/service-cells.ts';
import { workerBlock, workerBlockBytes } from '../../../src/table/worker-block.ts';

const LIMITS = { rows: 6, services: 2, workers: 2 };
let table = EndpointTable.create(0, LIMITS, workerBlockBytes(LIMITS));
let blocks = table.shared.workers.map((_, worker) => workerBlock(table.shared, worker));
let retired: number[] = [];
let keeper = make();

function make(): RowKeeper {
  return new RowKeeper(table, blocks, (row) => retired.push(row));
}

/** As much of a topology as placing looks at. */
function shape(...ids: readonly string[]): Topology {
  return {
    clouds: CLOUDS,
    services: [{ name: 'shop', match: [], endpoints: ids.map((id) => ({ id, cloud: 'aws' })) }],
  } as unknown as Topology;
}

/** Counts requests in flight as a thread does. */
function send(worker: number, row: number, count: number): void {
  Atomics.add(table.live.inFlight, row, count);
  (blocks[worker] as (typeof blocks)[number]).inFlight[row] = count;
}

beforeEach(() => {
  table = EndpointTable.create(0, LIMITS, workerBlockBytes(LIMITS));
  blocks = table.shared.workers.map((_, worker) => workerBlock(table.shared, worker));
  retired = [];
  keeper = make();
  keeper.place(shape('a', 'b', 'c'), 0);
});

test('what stays keeps its row and all that is known of it', () => {
  table.live.health[1] = 0.9;
  table.live.inFlight[1] = 7;
  expect(keeper.place(shape('x', 'b'), 1).rows['b']).toBe(1);
  expect([table.live.health[1], table.live.inFlight[1]]).toEqual([0.9, 7]);
});

test('a new endpoint starts as new, in a row of its own', () => {
  table.live.health[3] = 0.9;
  table.live.breaker[3] = 5;
  expect(keeper.place(shape('a', 'b', 'c', 'd'), 1).rows['d']).toBe(3);
  expect([table.live.health[3], table.live.breaker[3]]).toEqual([HEALTH_UNKNOWN, closedAfter(5)]);
});

describe('the row of an endpoint that has gone', () => {
  test('is not given to the one that came in the same reload: threads still send to the old one', () => {
    send(0, 0, 2);
    const { rows } = keeper.place(shape('new', 'b', 'c'), 1);
    expect(rows['new']).toBe(3);
    expect(table.live.inFlight[0]).toBe(2);
  });

  test('is free only when all threads work without it and nothing is in flight on it', () => {
    send(0, 0, 1);
    keeper.place(shape('b', 'c'), 1);
    keeper.deployed(0);
    expect(keeper.place(shape('b', 'c', 'd'), 2).rows['d']).toBe(3);
    keeper.deployed(2);
    expect(retired).toEqual([]);
    expect(keeper.place(shape('b', 'c', 'd', 'e'), 3).rows['e']).toBe(4);
    send(0, 0, -1);
    keeper.deployed(3);
    expect(retired).toEqual([0]);
    expect(keeper.place(shape('b', 'c', 'd', 'e', 'f'), 4).rows['f']).toBe(0);
  });

  test('is not free while a thread works with the topology before, though nothing is in flight', () => {
    keeper.place(shape('b', 'c'), 5);
    keeper.deployed(4);
    expect(keeper.place(shape('b', 'c', 'd'), 6).rows['d']).toBe(3);
    expect(retired).toEqual([]);
    keeper.deployed(5);
    expect(retired).toEqual([0]);
  });

  test('is not its own any more when it comes back', () => {
    keeper.place(shape('b', 'c'), 1);
    expect(keeper.place(shape('a', 'b', 'c'), 2).rows['a']).toBe(3);
  });

  test('is reported before it is made as new, so that its counts can be kept', () => {
    table.live.health[0] = 0.7;
    const seen: unknown[] = [];
    keeper = new RowKeeper(table, blocks, (row) => seen.push([row, table.live.health[row]]));
    keeper.place(shape('a'), 0);
    table.live.health[0] = 0.7;
    keeper.place(shape('b'), 1);
    keeper.deployed(1);
    expect(seen).toEqual([[0, 0.7]]);
  });
});

test('a topology that does not fit is refused, and nothing has changed', () => {
  const before = keeper.placement;
  expect(() => keeper.place(shape('a', 'b', 'c', 'd', 'e', 'f', 'g'), 1)).toThrow(RangeError);
  expect(keeper.placement).toBe(before);
  expect(keeper.place(shape('a', 'b', 'c', 'd', 'e', 'f'), 1).rows['f']).toBe(5);
});

test('a service that is new starts with closed breakers for its clouds', () => {
  const named = (name: string) =>
    ({ clouds: CLOUDS, services: [{ name, match: [], endpoints: [] }] }) as unknown as Topology;
  const { cloudBreaker, cloudBreakerUntilMs, cloudWitness } = table.live;
  cloudBreaker.fill(1);
  cloudBreakerUntilMs.fill(99);
  cloudWitness.fill(WITNESS_SEVERAL);
  expect(keeper.place(named('blog'), 1).slots).toEqual({ blog: 1 });
  const eachOf = (first: number, second: number) => [
    ...Array.from({ length: CLOUD_CELLS }, () => first),
    ...Array.from({ length: CLOUD_CELLS }, () => second),
  ];
  expect([...cloudBreaker]).toEqual(eachOf(1, closedAfter(1)));
  expect([...cloudBreakerUntilMs]).toEqual(eachOf(99, 0));
  expect([...cloudWitness]).toEqual(eachOf(WITNESS_SEVERAL, WITNESS_NONE));
});

test('a cloud that is new starts with closed breakers in every service; a number is free when no thread and no request uses it', () => {
  const onCloud = (cloud: string, ...ids: readonly string[]) =>
    ({
      clouds: [...CLOUDS, cloud],
      services: [{ name: 'shop', match: [], endpoints: ids.map((id) => ({ id, cloud })) }],
    }) as unknown as Topology;
  const { cloudBreaker } = table.live;
  cloudBreaker.fill(1);
  expect(keeper.place(onCloud('onprem', 'a'), 1).clouds).toMatchObject({ onprem: 3 });
  expect([cloudBreaker[3], cloudBreaker[CLOUD_CELLS + 3], cloudBreaker[4]]).toEqual([
    closedAfter(1),
    closedAfter(1),
    1,
  ]);
  keeper.deployed(1);
  cloudBreaker[3] = 1;
  send(0, keeper.placement.rows['a'] as number, 1);
  // Kept beside another one; what has gone is given to nobody while a request is under way there.
  expect(keeper.place(onCloud('oci', 'b'), 2).clouds).toMatchObject({ oci: 4 });
  keeper.deployed(2);
  expect(keeper.place(onCloud('new', 'b'), 3).clouds).toMatchObject({ new: 5 });
  Atomics.sub(table.live.inFlight, 0, 1);
  keeper.deployed(3);
  expect(keeper.place(onCloud('onprem', 'b'), 4).clouds).toMatchObject({ onprem: 3 });
  expect(cloudBreaker[3]).toBe(closedAfter(1));
});

describe('the slot of a service that has gone', () => {
  const services = (given: Readonly<Record<string, readonly string[]>>) =>
    ({
      clouds: CLOUDS,
      services: Object.entries(given).map(([name, ids]) => ({
        name,
        match: [],
        endpoints: ids.map((id) => ({ id, cloud: 'aws' })),
      })),
    }) as unknown as Topology;

  test('is free when its rows are: a request that is under way would tell the breakers of another service', () => {
    keeper.place(services({ shop: ['a', 'b'], blog: ['c'] }), 1);
    send(0, 1, 1);
    // An endpoint goes first, and its service after it.
    keeper.place(services({ shop: ['a'], blog: ['c'] }), 2);
    keeper.place(services({ blog: ['c'] }), 3);
    keeper.deployed(3);
    expect(() => keeper.place(services({ blog: ['c'], news: ['d'] }), 4)).toThrow(RangeError);
    send(0, 1, -1);
    expect(keeper.place(services({ blog: ['c'], news: ['d'] }), 4).slots['news']).toBe(0);
  });

  test('is not free while a thread works with it', () => {
    keeper.place(services({ blog: ['c'] }), 1);
    keeper.deployed(0);
    expect(() => keeper.place(services({ blog: ['c'], news: ['d'] }), 2)).toThrow(RangeError);
    keeper.deployed(1);
    expect(keeper.place(services({ blog: ['c'], news: ['d'] }), 2).slots['news']).toBe(0);
  });
});

describe('a thread that dies', () => {
  test('gives back what it had in flight, also on rows that are leaving, and nothing of the others', () => {
    send(0, 0, 2);
    send(0, 1, 3);
    send(1, 1, 4);
    const dead = blocks[0] as (typeof blocks)[number];
    dead.openStreams[0] = 2;
    dead.connections[0] = 9;
    keeper.place(shape('b', 'c'), 1);
    keeper.threadDied(0);
    expect([...table.live.inFlight.subarray(0, 3)]).toEqual([0, 4, 0]);
    expect(dead.inFlight.every((count) => count === 0)).toBe(true);
    expect([dead.openStreams[0], dead.connections[0]]).toEqual([0, 0]);
    expect(blocks[1]?.inFlight[1]).toBe(4);
    keeper.deployed(1);
    expect(retired).toEqual([0]);
  });

  test('gives it back once', () => {
    send(0, 0, 2);
    keeper.threadDied(0);
    keeper.threadDied(0);
    keeper.threadDied(7);
    expect(table.live.inFlight[0]).toBe(0);
  });
});

test('what services had in a thread that has died is gone with it; what it counted is not', () => {
  const { services, requestsNow } = blocks[1] as (typeof blocks)[number];
  services.fill(7);
  requestsNow[0] = 3;
  keeper.threadDied(1);
  expect([services[SERVICE_CELLS + levelCell('cache-bytes')], requestsNow[0]]).toEqual([0, 0]);
  expect(services[SERVICE_CELLS + countCell('retry')]).toBe(7);
});

test('the slot of a service whose endpoints others go on using is free when each of them has been idle', () => {
  const endpoints = ['eu/x', 'eu/y'].map((id) => ({ id, cloud: 'aws' }));
  const using = (...names: string[]): Topology =>
    ({
      clouds: CLOUDS,
      services: names.map((name) => ({ name, match: [], endpoints, backends: [{ name: 'eu' }] })),
      backends: [{ name: 'eu', endpoints }],
    }) as unknown as Topology;
  const limits = { rows: 6, services: 5, workers: 2 };
  table = EndpointTable.create(0, limits, workerBlockBytes(limits));
  blocks = table.shared.workers.map((_, worker) => workerBlock(table.shared, worker));
  keeper = make();
  const { rows, slots } = keeper.place(using('a', 'b'), 0);
  send(0, rows['eu/x'] as number, 1);
  keeper.place(using('b'), 1);
  keeper.deployed(1);
  // Whose request that is nobody can tell.
  expect(keeper.place(using('b', 'c'), 2).slots['c']).not.toBe(slots['a']);
  send(1, rows['eu/y'] as number, 1);
  Atomics.sub(table.live.inFlight, rows['eu/x'] as number, 1);
  keeper.deployed(2);
  expect(keeper.place(using('b', 'c', 'd'), 3).slots['d']).toBe(slots['a']);
});
