import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CELL, RequestTotals, SPOTS_MAX } from '../../../src/observe/request-totals.ts';
import { NOT_BUSY, place } from '../../../src/table/placement.ts';
import { DURATION_CELLS } from '../../../src/table/service-cells.ts';
import { unplacedRow } from '../../../src/table/worker-block.ts';
import { countOutcome, rowOf, type TestWorld, topologyWith, type Where, worldOf } from './world.ts';

const US: Where = 'aws/us-east-1';
const EU: Where = 'gcp/europe-west1';

function totalsOf(world: TestWorld): RequestTotals {
  const totals = new RequestTotals(world.table, world.blocks);
  totals.follow(world.topology, world.placement);
  return totals;
}

function cellsAt(totals: RequestTotals, region: string): Float64Array {
  const found = totals.read().filter(({ labels }) => labels['region'] === region);
  expect(found).toHaveLength(1);
  return found[0]!.cells;
}

test('everything is there at 0 from the start, what reached no endpoint too', () => {
  const totals = totalsOf(worldOf(topologyWith({ shop: [US, EU] })));
  expect(totals.read().map(({ labels }) => labels)).toEqual([
    { region: 'none', cloud: 'none' },
    { region: 'us-east-1', cloud: 'aws' },
    { region: 'europe-west1', cloud: 'gcp' },
  ]);
  expect(totals.read().every(({ cells }) => cells.every((cell) => cell === 0))).toBe(true);
});

test('threads, services and endpoints of a region are added up', () => {
  const world = worldOf(topologyWith({ shop: [US, US], cart: [US] }));
  const [first, second] = world.blocks as [(typeof world.blocks)[number], (typeof world.blocks)[number]];
  first.requestsSuccess[rowOf(world, 0)] = 1;
  second.requestsSuccess[rowOf(world, 1)] = 10;
  second.requestsError[rowOf(world, 0, 1)] = 100;
  first.durations[rowOf(world, 1) * DURATION_CELLS + 3] = 7;
  first.durationSumMs[rowOf(world, 1)] = 2.5;
  countOutcome(second, rowOf(world, 0), 'success', 4);
  world.table.live.inFlight[rowOf(world, 0)] = 2;
  world.table.live.inFlight[rowOf(world, 0, 1)] = 3;
  const totals = totalsOf(world);
  const cells = cellsAt(totals, 'us-east-1');
  expect([
    cells[CELL.success],
    cells[CELL.error],
    cells[CELL.sumMs],
    cells[CELL.durations + 3],
    cells[CELL.outcomes],
  ]).toEqual([11, 100, 2.5, 7, 4]);
  expect(totals.read().find(({ labels }) => labels['region'] === 'us-east-1')?.inFlight).toBe(5);
});

test('what reached no endpoint is in the row after the last', () => {
  const world = worldOf(topologyWith({ shop: [US] }));
  world.blocks[1]!.requestsError[unplacedRow(world.table.shared.limits)] = 6;
  expect(cellsAt(totalsOf(world), 'none')[CELL.error]).toBe(6);
});

describe('when a row changes hands', () => {
  const before = topologyWith({ shop: [US] });
  const after = topologyWith({ shop: [EU] });

  test.each(['reported', 'not reported'])('its counts stay with the endpoint that had it (%s)', (how) => {
    const world = worldOf(before);
    const row = rowOf(world, 0);
    const totals = totalsOf(world);
    world.blocks[0]!.requestsSuccess[row] = 5;
    if (how === 'reported') totals.retire(row);
    const next = place(after, { rows: {}, slots: {} }, NOT_BUSY, world.table.shared.limits);
    expect(Object.values(next.placement.rows)).toEqual([row]);
    totals.follow(after, next.placement);
    expect(cellsAt(totals, 'us-east-1')[CELL.success]).toBe(5);
    expect(cellsAt(totals, 'europe-west1')[CELL.success]).toBe(0);
    world.blocks[0]!.requestsSuccess[row] = 7;
    expect(cellsAt(totals, 'us-east-1')[CELL.success]).toBe(5);
    expect(cellsAt(totals, 'europe-west1')[CELL.success]).toBe(2);
    expect(totals.readRow(row)[CELL.success]).toBe(2);
  });

  test('an endpoint that was dropped is counted until then', () => {
    const world = worldOf(before);
    const totals = totalsOf(world);
    totals.follow(after, { rows: { [after.services[0]!.endpoints[0]!.id]: 7 }, slots: {} });
    world.blocks[0]!.requestsSuccess[rowOf(world, 0)] = 3;
    world.table.live.inFlight[rowOf(world, 0)] = 1;
    expect(cellsAt(totals, 'us-east-1')[CELL.success]).toBe(3);
    expect(totals.read().find(({ labels }) => labels['region'] === 'us-east-1')?.inFlight).toBe(1);
  });

  test('retiring twice, or a row of nobody, counts nothing twice', () => {
    const world = worldOf(before);
    const totals = totalsOf(world);
    world.blocks[0]!.requestsSuccess[rowOf(world, 0)] = 5;
    totals.retire(rowOf(world, 0));
    totals.retire(rowOf(world, 0));
    totals.retire(99);
    expect(cellsAt(totals, 'us-east-1')[CELL.success]).toBe(5);
  });
});

const step = fc.oneof(
  fc.record({ do: fc.constant('count' as const), row: fc.nat(2), by: fc.double({ min: 0, max: 1e4, noNaN: true }) }),
  fc.record({
    do: fc.constant('move' as const),
    owners: fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 3, maxLength: 3 }),
  }),
);

test('whatever is counted and however rows move: nothing goes down, nothing is lost', () => {
  const places: readonly Where[] = ['aws/a', 'aws/b', 'gcp/a', 'gcp/b', 'azure/a'];
  const all = topologyWith({ shop: places });
  const ids = all.services[0]!.endpoints.map(({ id }) => id);
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const world = worldOf(all);
      const totals = new RequestTotals(world.table, world.blocks);
      const follow = (owners: readonly number[]) =>
        totals.follow(all, { rows: Object.fromEntries(owners.map((owner, row) => [ids[owner]!, row])), slots: {} });
      follow([0, 1, 2]);
      const shown = new Map<string, number>();
      let counted = 0;
      for (const one of steps) {
        if (one.do === 'move') follow(one.owners);
        else {
          world.blocks[one.row % 2]!.requestsSuccess[one.row]! += 1;
          world.blocks[one.row % 2]!.durationSumMs[one.row]! += one.by;
          counted += 1;
        }
        let sum = 0;
        for (const { labels, cells } of totals.read()) {
          const key = `${labels['cloud']}/${labels['region']}`;
          for (const cell of [CELL.success, CELL.sumMs]) {
            expect(cells[cell]).toBeGreaterThanOrEqual(shown.get(`${key} ${cell}`) ?? 0);
            shown.set(`${key} ${cell}`, cells[cell]!);
          }
          sum += cells[CELL.success]!;
        }
        expect(sum).toBe(counted);
      }
    }),
  );
});

test('beyond the limit regions are one, and a known one keeps its name', () => {
  const totals = new RequestTotals(worldOf(topologyWith({ shop: [US] })).table, []);
  for (let i = 1; i < SPOTS_MAX; i += 1) totals.spotOf(`r${i}`, 'aws');
  expect(totals.spotOf('one-more', 'gcp').labels).toEqual({ region: 'other', cloud: 'gcp' });
  expect(totals.spotOf('and-another', 'gcp')).toBe(totals.spotOf('one-more', 'gcp'));
  expect(totals.spotOf('r5', 'aws').labels).toEqual({ region: 'r5', cloud: 'aws' });
});
