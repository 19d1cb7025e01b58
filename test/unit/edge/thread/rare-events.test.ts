import { expect, test } from 'vitest';
import { FAILOVERS_MAX, RareEvents } from '../../../../src/edge/thread/rare-events.ts';
import type { Event } from '../../../../src/table/event.ts';
import { stageOf } from '../../../support/stage.ts';
import { threeClouds } from '../../../support/topology.ts';

function rareEvents() {
  const events: Event[] = [];
  return { events, rare: new RareEvents((event) => events.push(event), { nowMs: () => 0 }) };
}

test('failovers and panics are added up until they are reported', () => {
  const { events, rare } = rareEvents();
  for (let i = 0; i < 3; i += 1) rare.failedOver('us-east-1', 'europe-west1', 'reset');
  rare.failedOver('us-east-1', 'europe-west1', 'outpaced');
  rare.panicked('shop');
  rare.panicked('shop');
  expect(events).toEqual([]);
  rare.flush();
  expect(events).toEqual([
    { type: 'failed-over', from: 'us-east-1', to: 'europe-west1', reason: 'reset', count: 3 },
    { type: 'failed-over', from: 'us-east-1', to: 'europe-west1', reason: 'outpaced', count: 1 },
    { type: 'panic', service: 'shop', count: 2 },
  ]);
  rare.flush();
  expect(events).toHaveLength(3);
});

test('too many kinds of failovers are not kept apart, and none is lost', () => {
  const { events, rare } = rareEvents();
  for (let n = 0; n < FAILOVERS_MAX + 50; n += 1) rare.failedOver(`r${n}`, 'to', 'reset');
  rare.failedOver('r0', 'to', 'reset');
  rare.flush();
  expect(events).toHaveLength(FAILOVERS_MAX);
  const counts = events.map((event) => (event.type === 'failed-over' ? event.count : 0));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(FAILOVERS_MAX + 51);
  expect(counts[0]).toBe(2);
});

const REFUSED = { kind: 'connect-refused', sent: 'nothing', cause: 'ECONNREFUSED' } as const;

test('a breaker that moves is reported at once, by the names of what it is about', () => {
  const { events, rare } = rareEvents();
  const { topology, placement, view } = stageOf(threeClouds({ each: 2 }));
  const deployment = {
    topology,
    placement,
    addresses: {},
    authorities: {},
    clientPairs: {},
    listenerPem: {},
    ticketKeys: undefined,
  };
  const move = { from: 'closed', to: 'open' } as const;
  const target = view.targets[3] as (typeof view.targets)[number];
  rare.breakerMoved(deployment, target, { scope: 'endpoint', move, met: { status: 503, fault: undefined } });
  rare.breakerMoved(deployment, target, { scope: 'cloud', move, met: { status: 0, fault: REFUSED } });
  const about = { type: 'breaker-moved', service: 'shop', cloud: 'gcp', ...move, by: view.service.endpoints[3]?.id };
  expect(events).toEqual([
    { ...about, scope: 'endpoint', region: 'europe-west1', cause: 'answered 503' },
    { ...about, scope: 'cloud', region: '', cause: 'connect-refused: ECONNREFUSED' },
  ]);
});

test('a breaker of what is not there any more is nobody’s news', () => {
  const { events, rare } = rareEvents();
  const { topology, placement, view } = stageOf(threeClouds());
  const target = view.targets[0] as (typeof view.targets)[number];
  const move = { from: 'open', to: 'closed' } as const;
  const deployment = {
    topology,
    placement,
    addresses: {},
    authorities: {},
    clientPairs: {},
    listenerPem: {},
    ticketKeys: undefined,
  };
  rare.breakerMoved(deployment, { ...target, row: 60 }, { scope: 'endpoint', move, met: undefined });
  rare.breakerMoved({ ...deployment, placement: { rows: {}, slots: {} } }, target, {
    scope: 'cloud',
    move,
    met: undefined,
  });
  expect(events).toEqual([]);
});

test('what this machine has run out of is reported with the next flush', () => {
  const { events, rare } = rareEvents();
  rare.shortOf('EMFILE');
  rare.shortOf('EMFILE');
  rare.flush();
  expect(events).toEqual([{ type: 'resources-short', code: 'EMFILE', count: 2 }]);
});
