import { expect, test } from 'vitest';
import { ChaosRegistry, ENDED_SHOWN_MAX, RUNNING_MAX } from '../../../src/chaos/registry.ts';
import type { Event } from '../../../src/table/event.ts';
import { experimentOf } from '../../support/chaos.ts';
import { threeClouds } from '../../support/topology.ts';

const SLOW = { kind: 'latency', delayMs: 5 } as const;

function topologyWith(chaos: string) {
  return threeClouds({ top: `chaos: ${chaos}` });
}

function registryOf(chaos = '{ enabled: true }') {
  const now = { ms: 1000 };
  const events: Event[] = [];
  const told: string[][] = [];
  const registry = new ChaosRegistry(
    {
      clock: { nowMs: () => now.ms },
      emit: (event) => events.push(event),
      tell: (running) => told.push(running.map(({ experiment }) => experiment.name)),
    },
    topologyWith(chaos),
  );
  const start = (name: string, forMs = 5000, more = {}) =>
    registry.start({ experiment: experimentOf(name, SLOW, more), forMs, by: 'api' });
  return { now, events, told, registry, start };
}

test('it runs for its time, by the clock of the table, and start and end are reported', () => {
  const { now, events, told, registry, start } = registryOf();
  expect(start('a')).toMatchObject({ startedMs: 1000, untilMs: 6000, by: 'api' });
  now.ms = 5999;
  registry.expire();
  expect(registry.running).toHaveLength(1);
  now.ms = 6000;
  registry.expire();
  expect(told).toEqual([['a'], []]);
  expect(events).toEqual([
    { type: 'chaos-started', experiment: 'a', kind: 'latency', radius: 1, forMs: 5000, by: 'api' },
    { type: 'chaos-stopped', experiment: 'a', reason: 'expired', detail: 'it ran for 5s' },
  ]);
  expect(registry.ended).toEqual([{ experiment: 'a', reason: 'expired', detail: 'it ran for 5s' }]);
});

test('it is stopped once, by name', () => {
  const { registry, start, told } = registryOf();
  start('a');
  start('b');
  expect(registry.stop('a', 'operator', 'why')).toBe(true);
  expect(registry.stop('a', 'operator', 'why')).toBe(false);
  expect(told.at(-1)).toEqual(['b']);
});

test('while chaos is off, nothing starts', () => {
  const { registry, start, told } = registryOf(
    '{ experiments: { a: { kind: latency, delay: 1ms, radius: 1%, autostart: true } } }',
  );
  registry.begin();
  expect(start('b')).toMatchObject({ error: 'chaos is off', fix: expect.stringContaining('chaos.enabled') as unknown });
  expect(told).toEqual([]);
});

test('a name runs once, there is a limit, and a scope that nothing is in is refused', () => {
  const { start } = registryOf();
  start('a');
  expect(start('a')).toMatchObject({ error: 'a runs already' });
  expect(start('x', 1, { scope: { cloud: 'aws', region: 'europe-west1' } })).toMatchObject({
    error: expect.stringMatching(/scope of x/) as string,
  });
  expect(start('x', 1, { scope: { priority: 'cheapest' } })).toMatchObject({
    error: expect.stringMatching(/scope of x/) as string,
  });
  for (let i = 1; i < RUNNING_MAX; i += 1) expect(start(`e${i}`)).toHaveProperty('untilMs');
  expect(start('more')).toMatchObject({ error: `${RUNNING_MAX} experiments run already` });
});

test('what is over is remembered, up to a limit', () => {
  const { registry, start } = registryOf();
  for (let i = 0; i < ENDED_SHOWN_MAX + 3; i += 1) {
    start(`e${i}`);
    registry.stop(`e${i}`, 'operator', '');
  }
  expect(registry.ended).toHaveLength(ENDED_SHOWN_MAX);
  expect(registry.ended[0]?.experiment).toBe(`e${ENDED_SHOWN_MAX + 2}`);
});

const A = 'a: { kind: latency, delay: 1ms, radius: 1%, autostart: true }';
const B = 'b: { kind: latency, delay: 1ms, radius: 1% }';
const names = (registry: ChaosRegistry) => registry.running.map(({ experiment, by }) => `${experiment.name} ${by}`);

test('a reload ends what the file has changed or dropped, starts what is new, and leaves the rest alone', () => {
  const { registry, start, now } = registryOf(`{ enabled: true, experiments: { ${A}, ${B} } }`);
  registry.begin();
  start('mine');
  expect(names(registry)).toEqual(['a file', 'mine api']);
  registry.update(topologyWith(`{ enabled: true, guard: { burn_rate: 2 }, experiments: { ${A} } }`));
  expect(names(registry)).toEqual(['a file', 'mine api']);
  now.ms += 10;
  registry.update(
    topologyWith(`{ enabled: true, experiments: { ${A.replace('1%', '2%')}, ${A.replace('a:', 'c:')} } }`),
  );
  expect(names(registry)).toEqual(['mine api', 'a file', 'c file']);
  expect(registry.ended).toMatchObject([{ experiment: 'a', reason: 'reload' }]);
  registry.update(topologyWith(`{ enabled: true }`));
  expect(names(registry)).toEqual(['mine api']);
});

test('what has run its time is not started again by a reload, and turning chaos off ends all', () => {
  const { registry, start } = registryOf(`{ enabled: true, experiments: { ${A} } }`);
  registry.begin();
  registry.stop('a', 'expired', '');
  registry.update(topologyWith(`{ enabled: true, experiments: { ${A}, ${B} } }`));
  expect(names(registry)).toEqual([]);
  start('mine');
  registry.update(topologyWith(`{ experiments: { ${A} } }`));
  expect(names(registry)).toEqual([]);
  registry.update(topologyWith(`{ enabled: true, experiments: { ${A} } }`));
  expect(names(registry)).toEqual(['a file']);
});
