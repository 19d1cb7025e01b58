import { expect, test } from 'vitest';
import type { Control } from '../../../src/compose/control.ts';
import { cloudConditionOf, conditionOf } from '../../../src/compose/endpoint-condition.ts';
import { StatusNotes } from '../../../src/compose/status-notes.ts';
import { HEALTH_STATE } from '../../../src/table/endpoint-table.ts';
import { stageOf } from '../../support/stage.ts';
import { threeClouds } from '../../support/topology.ts';

const FAILED = { failures: 1, successes: 1, openMs: 9, probes: 1 };

test('the reason is that of now, and what a breaker met is that of its last move', () => {
  const { table, placement, topology, live } = stageOf(threeClouds());
  const [endpoint] = topology.services[0]?.endpoints ?? [];
  if (endpoint === undefined) throw new Error('no endpoint');
  table.live.state[0] = HEALTH_STATE.unhealthy;
  live.endpointCells.report(0, 0, 'failure', { nowMs: 0, policy: FAILED });
  live.cloudCells.report(0, 0, 'failure', { nowMs: 0, policy: FAILED });
  const notes = new StatusNotes(() => 2000);
  const moved = { type: 'breaker-moved', service: 'shop', cloud: 'aws', from: 'closed', to: 'open' } as const;
  const { id, region } = endpoint;
  notes.onEvent({ type: 'endpoint-state', endpoint: id, from: 'healthy', to: 'unhealthy', health: 0, reason: 'then' });
  notes.onEvent({ ...moved, scope: 'endpoint', region, by: id, cause: 'answered 500' });
  notes.onEvent({ ...moved, scope: 'cloud', region: '', by: id, cause: 'reset: ECONNRESET' });
  const loops = { clock: { nowMs: () => 500 } };
  const control = { table, rows: { placement }, notes, loops } as unknown as Control;
  const last = { atMs: 400, outcome: 'failed', error: 'now' } as const;
  const at = { nowMs: 10_000, reportOf: () => ({ reason: 'reachability: now', last, nextMs: 1500 }) };
  expect(conditionOf(control, endpoint, at)).toEqual({
    state: 'unhealthy',
    since: '1970-01-01T00:00:02.000Z',
    reason: 'reachability: now',
    check: { last: '1970-01-01T00:00:09.900Z', outcome: 'failed', error: 'now', next: '1970-01-01T00:00:11.000Z' },
    breaker: 'open',
    breakerSince: '1970-01-01T00:00:02.000Z',
    breakerBy: id,
    breakerCause: 'answered 500',
  });
  expect(conditionOf(control, endpoint, { nowMs: 0, reportOf: () => undefined }).reason).toBe('then');
  expect(cloudConditionOf(control, 'shop', 'aws')).toMatchObject({
    breaker: 'open',
    breakerCause: 'reset: ECONNRESET',
  });
  expect(cloudConditionOf(control, 'gone', 'aws')).toMatchObject({ breaker: 'closed' });
});

test('a flag that is on is named by the endpoint that goes by it', () => {
  const { table, placement, topology } = stageOf(threeClouds());
  const [endpoint] = topology.services[0]?.endpoints ?? [];
  if (endpoint === undefined) throw new Error('no endpoint');
  const loops = { clock: { nowMs: () => 0 } };
  const control = { table, rows: { placement }, notes: new StatusNotes(() => 0), loops } as unknown as Control;
  const at = { nowMs: 0, reportOf: () => undefined };
  const said = (on: string) =>
    conditionOf(control, { ...endpoint, unless: 'flags/freeze' }, { ...at, isOn: (flag) => flag === on }).keptAwayBy;
  expect([said('flags/freeze'), said('flags/other')]).toEqual(['flags/freeze', undefined]);
  expect(conditionOf(control, endpoint, { ...at, isOn: () => true })).not.toHaveProperty('keptAwayBy');
});
