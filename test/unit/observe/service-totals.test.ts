import { expect, test } from 'vitest';
import { ServiceTotals } from '../../../src/observe/service-totals.ts';
import { writeExemplar } from '../../../src/table/exemplars.ts';
import { NOT_BUSY, place } from '../../../src/table/placement.ts';
import {
  countCell,
  DURATION_CELLS,
  levelCell,
  SERVICE_CELLS,
  type ServiceCount,
} from '../../../src/table/service-cells.ts';
import { topologyWith, worldOf } from './world.ts';

function stage() {
  const world = worldOf(topologyWith({ shop: ['aws/x'], blog: ['gcp/y'] }));
  const totals = new ServiceTotals(world.blocks, (ms) => 1000 + ms);
  totals.follow(world.topology, world.placement);
  const count = (slot: number, what: ServiceCount, by: number, thread = 0) => {
    world.blocks[thread]!.services[slot * SERVICE_CELLS + countCell(what)]! += by;
  };
  const retries = () => Object.fromEntries(totals.read().map(({ name, cells }) => [name, cells[countCell('retry')]]));
  return { ...world, totals, count, retries };
}

test('counts of all threads are of their service, and are counted once', () => {
  const { count, retries, placement } = stage();
  count(placement.slots['shop']!, 'retry', 3);
  count(placement.slots['shop']!, 'retry', 4, 1);
  count(placement.slots['blog']!, 'retry', 5, 1);
  expect(retries()).toEqual({ shop: 7, blog: 5 });
  expect(retries()).toEqual({ shop: 7, blog: 5 });
});

test('a slot that another service gets begins at 0 for it, and what the first has counted stays', () => {
  const { totals, count, retries, placement } = stage();
  const slot = placement.slots['shop']!;
  count(slot, 'retry', 3);
  totals.follow(topologyWith({ blog: ['gcp/y'] }), { rows: {}, slots: { blog: placement.slots['blog']! } });
  // Late requests of a service that has gone are nobody's.
  count(slot, 'retry', 1);
  totals.follow(topologyWith({ blog: ['gcp/y'], news: ['aws/x'] }), {
    rows: {},
    slots: { blog: placement.slots['blog']!, news: slot },
  });
  count(slot, 'retry', 10);
  expect(retries()).toEqual({ shop: 3, blog: 0, news: 10 });
});

test('a service that comes back in another slot goes on where it was', () => {
  const { topology, totals, count, retries, placement } = stage();
  count(placement.slots['shop']!, 'retry', 3);
  const other = topologyWith({ blog: ['gcp/y'] });
  totals.follow(other, { rows: {}, slots: { blog: placement.slots['blog']! } });
  count(5, 'retry', 100);
  const { placement: again } = place(topology, { rows: {}, slots: { blog: 1, shop: 5 } }, NOT_BUSY, {
    rows: 10,
    services: 8,
    workers: 1,
  });
  expect(again.slots['shop']).toBe(5);
  totals.follow(topology, again);
  count(5, 'retry', 2);
  expect(retries()['shop']).toBe(5);
});

test('levels are those of each thread now, and of no service that has gone', () => {
  const { blocks, placement, totals } = stage();
  const cell = placement.slots['shop']! * SERVICE_CELLS + levelCell('cache-bytes');
  blocks[0]!.services[cell] = 7;
  blocks[1]!.services[cell] = 9;
  const shop = () => totals.read().find(({ name }) => name === 'shop')!;
  expect(shop().level('cache-bytes')).toEqual([7, 9]);
  totals.follow(topologyWith({ blog: ['gcp/y'] }), placement);
  expect(shop().level('cache-bytes')).toEqual([]);
});

test('of the exemplars of all threads the latest is shown, by the wall clock', () => {
  const { blocks, placement, totals } = stage();
  const slot = placement.slots['blog']! * DURATION_CELLS + 2;
  writeExemplar(blocks[0]!, slot, { requestId: 'early', ms: 4, atMs: 5 });
  writeExemplar(blocks[1]!, slot, { requestId: 'late', ms: 3, atMs: 6 });
  const [, blog] = totals.read();
  expect(blog!.exemplar(2)).toEqual({ requestId: 'late', ms: 3, wallMs: 1006 });
  expect(blog!.exemplar(3)).toBeUndefined();
});
