import { describe, expect, test } from 'vitest';
import { ChaosRegistry } from '../../../src/chaos/registry.ts';
import { ChaosFleet } from '../../../src/compose/chaos-fleet.ts';
import { CHAOS_KEYS_MAX, CHAOS_PREFIX, chaosValue, mergeChaos } from '../../../src/fleet/chaos-record.ts';
import type { Event } from '../../../src/table/event.ts';
import { experimentOf } from '../../support/chaos.ts';
import { FleetDouble } from '../../support/fleet-double.ts';
import { threeClouds } from '../../support/topology.ts';

const SLOW = experimentOf('slow', { kind: 'latency', delayMs: 100 });

/** Edges with experiments, on one wall clock; `off` has chaos disabled. */
function edges(...names: readonly string[]) {
  /** `behindMs`: by how much the wall clock of an edge is behind. */
  const now = { ms: 1_000_000, behindMs: {} as Record<string, number> };
  const double = new FleetDouble({ [CHAOS_PREFIX]: mergeChaos });
  const made = names.map((name) => {
    const listeners: ((event: Event) => void)[] = [];
    const events: Event[] = [];
    const emit = (event: Event) => {
      events.push(event);
      for (const listener of listeners) listener(event);
    };
    const topology = (enabled: boolean) => threeClouds({ top: `chaos: { enabled: ${enabled} }` });
    const clock = { nowMs: () => now.ms };
    const registry = new ChaosRegistry({ clock, emit, tell: () => {} }, topology(name !== 'off'));
    const join = () => {
      const wallMs = () => now.ms - (now.behindMs[name] ?? 0);
      const fleet = double.join(name, name, wallMs);
      const chaos = new ChaosFleet({ fleet, registry, edge: name, wallMs, nowMs: clock.nowMs, emit });
      listeners.push((event) => chaos.onEvent(event));
      return { fleet, chaos };
    };
    const start = (forMs = SLOW.forMs) => {
      registry.start({ experiment: SLOW, forMs, by: 'fleet' });
      chaos.share(SLOW, forMs);
    };
    const autostart = 'slow: { kind: latency, delay: 1s, radius: 1, autostart: true }';
    const define = () =>
      registry.update(threeClouds({ top: `chaos: { enabled: true, experiments: { ${autostart} } }` }));
    const { fleet, chaos } = join();
    const running = () => registry.running.map(({ experiment }) => experiment.name);
    return {
      name,
      registry,
      events,
      fleet,
      chaos,
      start,
      running,
      enable: (on: boolean) => registry.update(topology(on)),
      define,
    };
  });
  return { now, double, all: made, running: () => made.map(({ running }) => running().join()) };
}

test('what is started at one edge runs on all that have chaos enabled', async () => {
  const { all, running } = edges('a', 'b', 'off');
  all[0]?.start();
  expect(running()).toEqual(['slow', 'slow', '']);
  expect(all[1]?.registry.running[0]).toMatchObject({ by: 'fleet', experiment: SLOW });
  expect(all[1]?.chaos.isShared('slow')).toBe(true);
  expect(await all[0]?.chaos.stored()).toBe('primary');
  expect(await all[0]?.chaos.stored()).toBeUndefined();
});

describe('a stop anywhere', () => {
  test.each(['operator', 'guard'] as const)('by the %s is a stop everywhere', (reason) => {
    const { all, running } = edges('a', 'b', 'c');
    all[0]?.start();
    all[1]?.registry.stop('slow', reason, 'it burns');
    expect(running()).toEqual(['', '', '']);
    const who = reason === 'guard' ? 'the guard of b' : 'an operator on b';
    expect(all[2]?.events.at(-1)).toEqual({
      type: 'chaos-stopped',
      experiment: 'slow',
      reason: 'fleet',
      detail: `${who} has stopped it: it burns`,
    });
  });

  test('while an edge was cut off stops there as soon as it hears of it', () => {
    const { all, running, double } = edges('a', 'b');
    all[0]?.start();
    double.cut('b');
    all[0]?.registry.stop('slow', 'operator', 'enough');
    expect(running()).toEqual(['', 'slow']);
    double.heal('b');
    expect(running()).toEqual(['', '']);
  });

  test('does not stop what was started anew meanwhile', () => {
    const { all, running, double, now } = edges('a', 'b');
    all[0]?.start();
    double.cut('b');
    all[0]?.registry.stop('slow', 'operator', 'enough');
    now.ms += 10;
    all[0]?.start();
    double.heal('b');
    expect(running()).toEqual(['slow', 'slow']);
  });
});

test('that it ends by itself, or by a reload, at one edge stops it nowhere else', () => {
  const { all, running, now } = edges('a', 'b');
  all[0]?.start();
  all[1]?.enable(false);
  expect(running()).toEqual(['slow', '']);
  all[1]?.enable(true);
  all[1]?.chaos.catchUp();
  expect(running()).toEqual(['slow', 'slow']);
  now.ms += SLOW.forMs;
  all[1]?.registry.expire();
  all[1]?.chaos.catchUp();
  expect(running()).toEqual(['slow', '']);
});

test('an edge that comes later runs it for what is left of its time, and not when that is next to nothing', () => {
  const { all, running, now, double } = edges('a', 'b');
  double.cut('b');
  all[0]?.start(10_000);
  now.ms += 4000;
  double.heal('b');
  expect(running()).toEqual(['slow', 'slow']);
  expect((all[1]?.registry.running[0]?.untilMs ?? 0) - now.ms).toBe(6000);
  const late = edges('a', 'b');
  late.double.cut('b');
  late.all[0]?.start(10_000);
  late.now.ms += 9500;
  late.double.heal('b');
  expect(late.running()).toEqual(['slow', '']);
});

test('an edge that has one of the same name of its own keeps it, and says why', () => {
  const { all } = edges('a', 'b');
  all[1]?.registry.start({ experiment: SLOW, forMs: 5000, by: 'api' });
  all[0]?.start();
  expect(all[1]?.registry.running).toMatchObject([{ by: 'api' }]);
  expect(all[1]?.events.at(-1)).toMatchObject({
    reason: 'fleet',
    detail: expect.stringMatching(/could not start here: slow runs already/) as string,
  });
  all[1]?.registry.stop('slow', 'operator', 'mine');
  expect(all[0]?.running()).toEqual(['slow']);
});

test('an experiment of the file that could not start beside it leaves it under the control of the fleet', () => {
  const { all, running } = edges('a', 'b');
  all[0]?.start();
  all[1]?.define();
  expect(all[1]?.events.at(-1)).toMatchObject({ type: 'chaos-stopped', reason: 'reload' });
  expect(running()).toEqual(['slow', 'slow']);
  all[0]?.registry.stop('slow', 'operator', 'enough');
  expect(running()).toEqual(['', '']);
});

test('what cannot be written yet is said to be here only', async () => {
  const { all, double } = edges('a', 'b');
  double.cut('a');
  all[0]?.start();
  expect(await all[0]?.chaos.stored()).toBe('here');
});

test('a record that this version would not run changes nothing', async () => {
  const { all, running } = edges('a', 'b');
  await all[0]?.fleet.put(`${CHAOS_PREFIX}slow`, { order: { name: 'slow', kind: 'melt' } });
  expect(running()).toEqual(['', '']);
});

describe('an edge whose clock is behind', () => {
  test('runs no experiment once more that has expired, whatever its file does', () => {
    const { all, running, now } = edges('a', 'b');
    now.behindMs['b'] = 3_600_000;
    all[0]?.start();
    expect(running()).toEqual(['slow', 'slow']);
    now.ms += SLOW.forMs;
    // b is first, so that it has not heard from a that it is over.
    all[1]?.registry.expire();
    all[1]?.chaos.catchUp();
    expect(running()).toEqual(['slow', '']);
    all[0]?.registry.expire();
    all[1]?.chaos.catchUp();
    expect(running()).toEqual(['', '']);
  });

  test('learns that it is over, also when it begins anew', () => {
    const { all, running, now, double } = edges('a', 'b');
    now.behindMs['b'] = 3_600_000;
    double.cut('b');
    all[0]?.start();
    now.ms += SLOW.forMs;
    all[0]?.registry.expire();
    double.heal('b');
    all[1]?.chaos.catchUp();
    expect(running()).toEqual(['', '']);
  });

  test('runs one that it takes up again after a reload only for what is left', () => {
    const { all, running, now } = edges('a', 'b');
    now.behindMs['b'] = 3_600_000;
    all[0]?.start(10_000);
    now.ms += 4000;
    all[1]?.enable(false);
    all[1]?.enable(true);
    all[1]?.chaos.catchUp();
    expect(running()).toEqual(['slow', 'slow']);
    expect((all[1]?.registry.running[0]?.untilMs ?? 0) - now.ms).toBe(6000);
  });
});

test('names without end take the keys of experiments that are over, and leave room for everything else', () => {
  const { all, running, now } = edges('a', 'b');
  const start = (name: string) => {
    const experiment = experimentOf(name, { kind: 'latency', delayMs: 100 });
    all[0]?.registry.start({ experiment, forMs: 1000, by: 'fleet' });
    all[0]?.chaos.share(experiment, 1000);
  };
  for (let n = 0; n < 3 * CHAOS_KEYS_MAX; n += 1) {
    start(`day-${n}`);
    expect(running()).toEqual([`day-${n}`, `day-${n}`]);
    now.ms += 1000;
    for (const { registry } of all) registry.expire();
  }
  expect(running()).toEqual(['', '']);
  expect(all[1]?.fleet.list(CHAOS_PREFIX)).toHaveLength(CHAOS_KEYS_MAX);
});

test('an edge that did not hear of an end hears of it when the key has been taken by another experiment', () => {
  const { all, running, double, now } = edges('a', 'b');
  const other = experimentOf('other', { kind: 'latency', delayMs: 100 });
  all[0]?.start(60_000);
  double.cut('b');
  all[0]?.registry.stop('slow', 'operator', 'enough');
  now.ms += 10;
  const value = chaosValue({
    experiment: other,
    startedAtMs: now.ms,
    untilMs: now.ms + 60_000,
    startedBy: 'a',
    stopped: undefined,
  });
  void all[0]?.fleet.put(`${CHAOS_PREFIX}slow`, value);
  double.heal('b');
  expect(running()).toEqual(['other', 'other']);
});

test('of two starts of one name under two keys the later one runs, however often they are looked at', () => {
  const { all, running, double, now } = edges('a', 'b');
  double.cut('b');
  all[0]?.start();
  now.ms += 10;
  const value = chaosValue({
    experiment: SLOW,
    startedAtMs: now.ms,
    untilMs: now.ms + 60_000,
    startedBy: 'b',
    stopped: undefined,
  });
  void all[1]?.fleet.put(`${CHAOS_PREFIX}taken`, value);
  double.heal('b');
  const startedMs = all.map(({ registry }) => registry.running[0]?.startedMs);
  now.ms += 10;
  for (const { chaos } of all) chaos.catchUp();
  expect(running()).toEqual(['slow', 'slow']);
  expect(all.map(({ registry }) => registry.running[0]?.startedMs)).toEqual(startedMs);
});
