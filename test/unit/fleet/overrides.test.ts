import { expect, test } from 'vitest';
import type { OverrideOrder } from '../../../src/config/read-override.ts';
import { OVERRIDE_PREFIX } from '../../../src/fleet/override.ts';
import { mergeOverrides } from '../../../src/fleet/override-merge.ts';
import { ENDPOINT_RECORDS_MAX, Overrides } from '../../../src/fleet/overrides.ts';
import type { Event } from '../../../src/table/event.ts';
import { FleetDouble } from '../../support/fleet-double.ts';

const GCP = { cloud: 'gcp', region: 'europe-west1' } as const;

function order(more: Partial<OverrideOrder> = {}): OverrideOrder {
  return { kind: 'drain', scope: GCP, level: 0, forMs: undefined, actor: 'ann', reason: 'why', force: false, ...more };
}

/** Edges `a`, `b` … that share one wall clock. */
function edges(count: number) {
  const now = { ms: 0 };
  const double = new FleetDouble({ [OVERRIDE_PREFIX]: mergeOverrides });
  const made = Array.from({ length: count }, (_, i) => {
    const name = String.fromCharCode(97 + i);
    const fleet = double.join(name, `region-${name}`, () => now.ms);
    const applied: string[][] = [];
    const events: Event[] = [];
    const told: (readonly string[])[] = [];
    const overrides: Overrides = new Overrides({
      fleet,
      wallMs: () => now.ms,
      emit: (event) => events.push(event),
      apply: (_, changed) =>
        applied.push(overrides.inForce.map(({ kind, level }) => `${kind} ${level}`)) && told.push(changed),
    });
    return { fleet, applied, told, events, overrides, name };
  });
  return { now, double, edges: made };
}

test('an order is in force here before anybody is waited for, and on the others when they hear of it', async () => {
  const { edges: all } = edges(2);
  const [a, b] = all as [(typeof all)[0], (typeof all)[0]];
  const setting = a.overrides.set(order());
  expect(a.applied).toEqual([['drain 0']]);
  expect((await setting).stored).toBe('primary');
  expect(b.applied).toEqual([['drain 0']]);
  expect(b.overrides.inForce).toMatchObject([{ kind: 'drain', scope: GCP, actor: 'ann', edge: 'a' }]);
  expect(b.events).toMatchObject([
    { type: 'override-changed', scope: 'gcp/europe-west1', status: 'in-force', actor: 'ann', edge: 'a', reason: 'why' },
  ]);
});

test('it is lifted everywhere by a later word, from any edge', async () => {
  const { edges: all } = edges(3);
  await all[0]?.overrides.set(order());
  await all[2]?.overrides.set(order({ level: null, reason: '', actor: 'bob' }));
  for (const { applied, events } of all) {
    expect(applied.at(-1)).toEqual([]);
    expect(events.at(-1)).toMatchObject({ status: 'lifted', actor: 'bob', edge: 'c' });
  }
});

test('it ends by itself on every edge, one that is cut off included, and is reported once', async () => {
  const { edges: all, now, double } = edges(2);
  await all[0]?.overrides.set(order({ forMs: 1000 }));
  double.cut('b');
  now.ms = 999;
  for (const { overrides } of all) overrides.expire();
  expect(all.map(({ applied }) => applied.length)).toEqual([1, 1]);
  now.ms = 1000;
  for (const { overrides, applied, events } of all) {
    overrides.expire();
    overrides.expire();
    expect(applied).toEqual([['drain 0'], []]);
    expect(events.at(-1)).toMatchObject({ type: 'override-changed', status: 'ended' });
    expect(events).toHaveLength(2);
  }
});

test('an edge that was away learns what was decided, and that it is over', async () => {
  const { edges: all, now, double } = edges(2);
  const [a, b] = all as [(typeof all)[0], (typeof all)[0]];
  await a.overrides.set(order({ forMs: 1000 }));
  double.cut('b');
  await a.overrides.set(order({ kind: 'weight', level: 0.5 }));
  now.ms = 5000;
  double.heal('b');
  b.overrides.expire();
  expect(b.applied.at(-1)).toEqual(['weight 0.5']);
});

test('two operators who cannot hear each other: the safer word holds at every edge afterwards', async () => {
  const { edges: all, double } = edges(2);
  const [a, b] = all as [(typeof all)[0], (typeof all)[0]];
  await a.overrides.set(order());
  double.cut('b');
  await a.overrides.set(order({ level: null, reason: '' }));
  expect((await b.overrides.set(order({ forMs: 60_000, actor: 'bob' }))).stored).toBe('here');
  double.heal('b');
  for (const { overrides } of all) expect(overrides.inForce).toMatchObject([{ kind: 'drain', actor: 'bob' }]);
  await a.overrides.set(order({ level: null, reason: '' }));
  for (const { overrides } of all) expect(overrides.inForce).toEqual([]);
});

test('what was said at two edges apart holds one after the other, also where the first was in force already', async () => {
  const { edges: all, double, now } = edges(2);
  const [a, b] = all as [(typeof all)[0], (typeof all)[0]];
  double.cut('b');
  const weight = (level: number, forMs?: number) => order({ kind: 'weight', level, forMs });
  await a.overrides.set(weight(0.1, 1000));
  await b.overrides.set(weight(0.5));
  double.heal('b');
  for (const { overrides } of all) expect(overrides.inForce).toMatchObject([{ level: 0.1 }]);
  now.ms = 1000;
  for (const { overrides } of all) {
    overrides.expire();
    expect(overrides.inForce).toMatchObject([{ level: 0.5 }]);
  }
});

test('what was there before it looked is in force after the first look', async () => {
  const double = new FleetDouble({ [OVERRIDE_PREFIX]: mergeOverrides });
  const before = double.join('a', 'x');
  await new Overrides({ fleet: before, wallMs: () => 0, emit: () => {}, apply: () => {} }).set(order());
  const applied: unknown[] = [];
  const fleet = double.join('b', 'y');
  await fleet.start();
  const late = new Overrides({
    fleet,
    wallMs: () => 0,
    emit: () => {},
    apply: (all) => applied.push(all.at('gcp/europe-west1').length),
  });
  late.begin();
  expect(applied).toEqual([1]);
});

test('records that are no overrides, or of another version, change nothing', async () => {
  const { edges: all } = edges(2);
  await all[0]?.fleet.put('chaos/x', {});
  await all[0]?.fleet.put(`${OVERRIDE_PREFIX}drain/gcp`, { kind: 'drain', version: 9 });
  expect(all.map(({ applied }) => applied)).toEqual([[], []]);
});

test('there is a limit to records about single endpoints; known ones and whole regions have room all the same', async () => {
  const { edges: all } = edges(1);
  const { overrides, fleet } = all[0] as (typeof all)[0];
  const one = (n: number) => order({ scope: { endpoint: `shop/${n}` }, level: null });
  for (let n = 0; n < ENDPOINT_RECORDS_MAX; n += 1) await overrides.set(one(n));
  expect(fleet.list(OVERRIDE_PREFIX)).toHaveLength(ENDPOINT_RECORDS_MAX);
  expect(overrides.hasRoomFor(one(ENDPOINT_RECORDS_MAX))).toBe(false);
  expect(overrides.hasRoomFor(one(7))).toBe(true);
  expect(overrides.hasRoomFor(order())).toBe(true);
});

test('what expired by a clock that was ahead holds again when the clock is back, and is over once', async () => {
  const { edges: all, now } = edges(2);
  const [a, b] = all as [(typeof all)[0], (typeof all)[0]];
  now.ms = 100_000;
  await a.overrides.set(order({ forMs: 3_600_000 }));
  now.ms += 86_400_000;
  for (const { overrides } of all) overrides.expire();
  expect(all.map(({ overrides }) => overrides.inForce)).toEqual([[], []]);
  now.ms = 101_000;
  for (const { overrides } of all) overrides.expire();
  expect(b.applied).toEqual([['drain 0'], [], ['drain 0']]);
  expect(b.events.map((event) => 'status' in event && event.status)).toEqual(['in-force', 'ended', 'in-force']);
  // Back before it was said at all: what operators said holds from when it is heard.
  now.ms = 0;
  for (const { overrides } of all) overrides.expire();
  expect(b.overrides.inForce).toHaveLength(1);
  now.ms = 3_700_000;
  for (const { overrides } of all) {
    overrides.expire();
    overrides.expire();
  }
  expect(b.applied.at(-1)).toEqual([]);
  expect(b.events).toHaveLength(4);
});

test('an order given while the clock was ahead is replaced by a later one, and so is one given after it is back', async () => {
  const { edges: all, now } = edges(2);
  const [a, b] = all as [(typeof all)[0], (typeof all)[0]];
  now.ms = 86_400_000;
  await a.overrides.set(order({ forMs: 1000 }));
  now.ms = 0;
  await b.overrides.set(order({ level: null, reason: '' }));
  for (const { overrides } of all) expect(overrides.inForce).toEqual([]);
  await a.overrides.set(order({ kind: 'drain', forMs: 1000 }));
  for (const { overrides } of all) expect(overrides.inForce).toMatchObject([{ untilMs: 1000 }]);
});

test('only the scope that a record is about is said to have changed', async () => {
  const { edges: all } = edges(1);
  const { overrides, told } = all[0] as (typeof all)[0];
  await overrides.set(order());
  await overrides.set(order({ scope: { endpoint: 'shop/1' } }));
  expect(told).toEqual([['gcp/europe-west1'], ['shop/1']]);
});
