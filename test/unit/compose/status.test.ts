import { expect, test } from 'vitest';
import type { Control } from '../../../src/compose/control.ts';
import type { FleetWork } from '../../../src/compose/fleet.ts';
import { statusOf } from '../../../src/compose/status.ts';
import { StatusNotes } from '../../../src/compose/status-notes.ts';
import { HEALTH_STATE } from '../../../src/table/endpoint-table.ts';
import type { Event } from '../../../src/table/event.ts';
import { type Stage, stageOf } from '../../support/stage.ts';
import { threeClouds } from '../../support/topology.ts';

/** `counted` has what was counted of a row; the metrics keep it. */
function status(
  { topology, table, placement }: Stage,
  counted: Readonly<Record<number, EndpointCounts>> = {},
  events: readonly Event[] = [],
) {
  const metrics = { counted: (row: number) => counted[row] ?? { requests: 0, errors: 0, tries: 0 } };
  const notes = new StatusNotes(() => 1000);
  for (const event of events) notes.onEvent(event);
  const control = { current: { topology }, table, rows: { placement }, metrics, notes } as unknown as Control;
  return statusOf(control, fleet as unknown as Pick<FleetWork, 'overrides' | 'view'>, 61_000);
}

const OPINIONS = { here: 'up', up: 2, down: 0, unknown: 1 };
const DRAIN = {
  kind: 'drain',
  scope: { cloud: 'gcp' },
  level: 0,
  untilMs: null,
  setAtMs: 0,
  actor: 'a',
  reason: 'b',
  edge: 'c',
};
const fleet = { overrides: { inForce: [DRAIN] }, view: { opinionsOf: () => OPINIONS } };

type EndpointCounts = { readonly requests: number; readonly errors: number; readonly tries: number };

test('an endpoint that nothing has happened to', () => {
  const stage = stageOf(threeClouds());
  stage.table.resetRow(0);
  expect(status(stage).endpoints[0]).toEqual({
    id: stage.view.service.endpoints[0]?.id,
    service: 'shop',
    cloud: 'aws',
    region: 'us-east-1',
    state: 'unknown',
    since: null,
    reason: null,
    health: 0.5,
    latencyMs: null,
    errorRate: 0,
    inFlight: 0,
    fleetInFlight: 0,
    capacity: 100,
    capacityInFile: 100,
    drained: false,
    weight: 1,
    seen: { ...OPINIONS, quorum: 'up', cutOff: false },
    breaker: 'closed',
    breakerSince: null,
    requests: 0,
    errors: 0,
    tries: 0,
  });
});

test('what is happening, with what was counted', () => {
  const stage = stageOf(threeClouds());
  const { live } = stage.table;
  live.latencyMs[1] = 12;
  live.drained[1] = 1;
  live.inFlight[1] = 4;
  live.fleetInFlight[1] = 9;
  live.capacity[1] = 40;
  live.weight[1] = 0.5;
  live.state[1] = HEALTH_STATE.degraded;
  const policy = { failures: 1, successes: 1, openMs: 9, probes: 1 };
  stage.live.endpointCells.report(1, 0, 'failure', { nowMs: 0, policy });
  expect(status(stage, { 1: { requests: 24, errors: 4, tries: 28 } }).endpoints[1]).toMatchObject({
    cloud: 'gcp',
    state: 'degraded',
    latencyMs: 12,
    drained: true,
    inFlight: 4,
    fleetInFlight: 9,
    capacity: 40,
    capacityInFile: 100,
    weight: 0.5,
    breaker: 'open',
    requests: 24,
    errors: 4,
    tries: 28,
  });
});

test('the breakers of every cloud', () => {
  const stage = stageOf(threeClouds());
  const policy = { failures: 1, successes: 2, openMs: 9, probes: 1 };
  stage.live.cloudCells.report(2, 0, 'failure', { nowMs: 0, policy });
  expect(status(stage).clouds).toEqual([
    { service: 'shop', cloud: 'aws', breaker: 'closed', breakerSince: null },
    { service: 'shop', cloud: 'gcp', breaker: 'closed', breakerSince: null },
    { service: 'shop', cloud: 'azure', breaker: 'open', breakerSince: null },
  ]);
});

test('what operators decided', () => {
  expect(status(stageOf(threeClouds())).overrides).toMatchObject([{ kind: 'drain', scope: 'gcp', until: null }]);
});

test('an endpoint says since when it is as it is and why; the edge what it runs and since when', () => {
  const stage = stageOf(threeClouds());
  const endpoint = stage.view.service.endpoints[0]?.id as string;
  const {
    process: shown,
    endpoints,
    clouds,
  } = status(stage, {}, [
    { type: 'endpoint-state', endpoint, from: 'healthy', to: 'unhealthy', health: 0, reason: 'reachability: refused' },
    { type: 'breaker-moved', scope: 'cloud', service: 'shop', cloud: 'aws', region: '', from: 'closed', to: 'open' },
    { type: 'restart-needed', keys: ['log'] },
  ]);
  const since = '1970-01-01T00:00:01.000Z';
  expect(endpoints[0]).toMatchObject({ since, reason: 'reachability: refused' });
  expect(clouds.map(({ breakerSince }) => breakerSince)).toEqual([since, null, null]);
  expect(shown).toMatchObject({ id: 'test', node: process.versions.node, startedAt: since, uptimeSeconds: 60 });
  expect(shown.config).toMatchObject({ since, restartNeeded: ['log'] });
});
