import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Topology } from '../../../src/config/topology.ts';
import { FLAGS_MAX, ROWS_MAX, SERVICES_MAX } from '../../../src/table/endpoint-table.ts';
import { NO_PLACEMENT, NOT_BUSY, place } from '../../../src/table/placement.ts';
import { topologyOf } from '../../support/topology.ts';

const LIMITS = { rows: 12, services: 4, workers: 1 };
const NONE = NOT_BUSY;
const busy = (rows: readonly number[], slots: readonly number[] = []) => ({
  rows: new Set(rows),
  slots: new Set(slots),
});

/** As much of a topology as placing looks at: `{ shop: ['a', 'b'] }`. */
function shape(services: Readonly<Record<string, readonly string[]>>): Topology {
  const list = Object.entries(services).map(([name, ids]) => ({
    name,
    match: [],
    endpoints: ids.map((id) => ({ id })),
  }));
  return { clouds: ['aws', 'gcp', 'azure'], services: list } as unknown as Topology;
}

const ids = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'), { maxLength: 6 });

test('endpoints get rows and services slots, from the first on, all of them fresh', () => {
  const placed = place(shape({ shop: ['a', 'b'], blog: ['c'] }), NO_PLACEMENT, NONE, LIMITS);
  expect(placed.placement.rows).toEqual({ a: 0, b: 1, c: 2 });
  expect(placed.placement.slots).toEqual({ shop: 0, blog: 1 });
  expect(placed.freshRows).toEqual([0, 1, 2]);
  expect(placed.freshSlots).toEqual([0, 1]);
});

test('a slot of which something may still be heard is given to nobody', () => {
  const { placement } = place(shape({ shop: [], blog: [] }), NO_PLACEMENT, busy([], [0, 2]), LIMITS);
  expect(placement.slots).toEqual({ shop: 1, blog: 3 });
});

test('what a reload keeps keeps its row; what is new gets one that neither was nor is anybody’s', () => {
  fc.assert(
    fc.property(ids, ids, (first, second) => {
      const before = place(shape({ shop: first }), NO_PLACEMENT, NONE, LIMITS).placement;
      const after = place(shape({ shop: second }), before, NONE, LIMITS);
      const { rows } = after.placement;
      expect(Object.keys(rows).toSorted()).toEqual(second.toSorted());
      expect(new Set(Object.values(rows)).size).toBe(second.length);
      for (const id of second) {
        if (first.includes(id)) expect(rows[id]).toBe(before.rows[id]);
        // An edge thread may still send to the endpoint that had the row until the reload.
        else expect(Object.values(before.rows)).not.toContain(rows[id]);
      }
      const expected = second.filter((id) => !first.includes(id)).map((id) => rows[id]);
      expect(after.freshRows).toEqual(expected);
    }),
  );
});

test('a busy row is given to nobody', () => {
  const { placement } = place(shape({ shop: ['a', 'b', 'c'] }), NO_PLACEMENT, busy([0, 2]), LIMITS);
  expect(placement.rows).toEqual({ a: 1, b: 3, c: 4 });
});

test('an endpoint named like a part of every object is placed like any other', () => {
  const { placement } = place(shape({ constructor: ['toString', '__proto__'] }), NO_PLACEMENT, NONE, LIMITS);
  expect(placement.rows['toString']).toBe(0);
  expect(placement.rows['__proto__']).toBe(1);
  expect(placement.slots['constructor']).toBe(0);
});

test('what has no room in the table is refused, with how much there is', () => {
  const many = Array.from({ length: LIMITS.rows }, (_, i) => `e${i}`);
  expect(() => place(shape({ shop: many }), NO_PLACEMENT, NONE, LIMITS)).not.toThrow();
  expect(() => place(shape({ shop: [...many, 'more'] }), NO_PLACEMENT, NONE, LIMITS)).toThrow(RangeError);
  expect(() => place(shape({ shop: many }), NO_PLACEMENT, busy([5]), LIMITS)).toThrow(/more than 12/);
  const services = Object.fromEntries(['v', 'w', 'x', 'y', 'z'].map((name) => [name, []]));
  expect(() => place(shape(services), NO_PLACEMENT, NONE, LIMITS)).toThrow(/more than 4/);
});

test('from any file that may be to any other there is room', () => {
  const limits = { rows: ROWS_MAX, services: SERVICES_MAX, workers: 1 };
  const many = (name: string) => {
    const services = Array.from({ length: 256 }, (_, i) => [
      `${name}${i}`,
      Array.from({ length: 39 }, (_, n) => `${name}${i}/${n}`),
    ]);
    return shape(Object.fromEntries(services) as Record<string, readonly string[]>);
  };
  const before = place(many('a'), NO_PLACEMENT, NONE, limits).placement;
  const { placement } = place(many('b'), before, NONE, limits);
  const shared = new Set([...Object.values(before.slots), ...Object.values(placement.slots)]);
  expect(shared.size).toBe(512);
});

test('a flag keeps its cell for good, so that no other one is read in its place', () => {
  const asking = (...flags: string[]) =>
    topologyOf(
      [
        'version: 1',
        'services:',
        '  shop:',
        `    match: [${flags.map((flag) => `{ flag: ${flag}, hosts: [a.example] }`).join(', ')}]`,
        '    redirect: { path: { set: /x } }',
      ].join('\n'),
    );
  const first = place(asking('a', 'b'), NO_PLACEMENT, NONE, LIMITS).placement;
  expect(first.flags).toEqual({ 'flags/a': 0, 'flags/b': 1 });
  const second = place(asking('c', 'b'), first, NONE, LIMITS).placement;
  expect(second.flags).toEqual({ 'flags/a': 0, 'flags/b': 1, 'flags/c': 2 });
  const full = Object.fromEntries(Array.from({ length: FLAGS_MAX }, (_, i) => [`flags/${i}`, i]));
  expect(() => place(asking('c'), { ...NO_PLACEMENT, flags: full }, NONE, LIMITS)).toThrow('restart this edge');
});

const shared = (services: readonly string[], backends: Readonly<Record<string, readonly string[]>>): Topology => {
  const list = Object.entries(backends).map(([name, held]) => ({ name, endpoints: held.map((id) => ({ id })) }));
  const endpoints = list.flatMap((backend) => backend.endpoints);
  return {
    clouds: ['aws', 'gcp', 'azure'],
    services: services.map((name) => ({
      name,
      match: [],
      endpoints,
      backends: list.map(({ name: of }) => ({ name: of })),
    })),
    backends: list,
  } as unknown as Topology;
};

test('endpoints that services share have one row, and their backend a slot for its breakers', () => {
  const { placement } = place(shared(['a', 'b'], { eu: ['eu/x'] }), NO_PLACEMENT, NONE, LIMITS);
  expect(placement).toMatchObject({ rows: { 'eu/x': 0 }, slots: { a: 0, b: 1, eu: 2 } });
  const same = place(shared(['eu', 'b'], { eu: ['eu/x'] }), NO_PLACEMENT, NONE, LIMITS);
  expect(same.placement.slots).toEqual({ eu: 0, b: 1 });
});

test('an endpoint that only goes by another name keeps its row; a second one of the same place gets none of it', () => {
  const before = place(shape({ shop: ['shop/x', 'shop/y'], blog: ['blog/x'] }), NO_PLACEMENT, NONE, LIMITS).placement;
  const moved = place(shared(['shop', 'blog'], { eu: ['eu/x', 'eu/y', 'eu/z'] }), before, NONE, LIMITS);
  expect(moved.placement.rows).toEqual({ 'eu/x': before.rows['shop/x'], 'eu/y': before.rows['shop/y'], 'eu/z': 3 });
  expect(moved.freshRows).toEqual([3]);
  // Who is still there under its own name is not taken from.
  const both = place(shape({ shop: ['shop/x'], other: ['other/x'] }), before, NONE, LIMITS);
  expect(both.placement.rows).toEqual({ 'shop/x': 0, 'other/x': 2 });
});
