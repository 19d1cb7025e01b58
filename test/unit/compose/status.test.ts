import { expect, test } from 'vitest';
import type { Control } from '../../../src/compose/control.ts';
import type { FleetWork } from '../../../src/compose/fleet.ts';
import { statusOf } from '../../../src/compose/status.ts';
import { StatusNotes } from '../../../src/compose/status-notes.ts';
import type { CheckReport } from '../../../src/health/check-report.ts';
import { HEALTH_STATE } from '../../../src/table/endpoint-table.ts';
import type { Event } from '../../../src/table/event.ts';
import { type Stage, stageOf } from '../../support/stage.ts';
import { threeClouds } from '../../support/topology.ts';
import { OBTAINED } from '../observe/obtained.ts';

/** `counted` has what was counted of a row; the metrics keep it. */
function status(
  { topology, table, placement }: Stage,
  counted: Readonly<Record<number, EndpointCounts>> = {},
  events: readonly Event[] = [],
  reports: Readonly<Record<string, CheckReport>> = {},
) {
  const metrics = { counted: (row: number) => counted[row] ?? { requests: 0, errors: 0, tries: 0 } };
  const notes = new StatusNotes(() => 1000);
  for (const event of events) notes.onEvent(event);
  const control = {
    current: { topology, written: topology },
    table,
    rows: { placement },
    metrics,
    notes,
    loops: { clock: { nowMs: () => 51_000 } },
    obtained: { facts: () => [OBTAINED] },
  };
  const work = { ...(fleet as unknown as Pick<FleetWork, 'overrides' | 'view'>), values: { isOn: () => false } };
  return statusOf(control as unknown as Control, work, (id) => reports[id], 61_000);
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
    check: { last: null, outcome: null, error: null, next: null },
    health: 0.5,
    latencyMs: null,
    errorRate: 0,
    inFlight: 0,
    fleetInFlight: 0,
    capacity: 100,
    capacityInFile: 100,
    drained: false,
    insecure: false,
    weight: 1,
    reportedLoad: null,
    seen: { ...OPINIONS, quorum: 'up', cutOff: false },
    breaker: 'closed',
    breakerSince: null,
    breakerBy: null,
    breakerCause: null,
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

const NEVER_MOVED = { breakerSince: null, breakerBy: null, breakerCause: null };

test('the breakers of every cloud', () => {
  const stage = stageOf(threeClouds());
  const policy = { failures: 1, successes: 2, openMs: 9, probes: 1 };
  stage.live.cloudCells.report(2, 0, 'failure', { nowMs: 0, policy });
  expect(status(stage).clouds).toEqual([
    { service: 'shop', cloud: 'aws', breaker: 'closed', ...NEVER_MOVED },
    { service: 'shop', cloud: 'gcp', breaker: 'closed', ...NEVER_MOVED },
    { service: 'shop', cloud: 'azure', breaker: 'open', ...NEVER_MOVED },
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
    {
      type: 'breaker-moved',
      scope: 'cloud',
      service: 'shop',
      cloud: 'aws',
      region: '',
      from: 'closed',
      to: 'open',
      by: endpoint,
      cause: 'answered 500',
    },
    { type: 'restart-needed', keys: ['log'] },
  ]);
  const since = '1970-01-01T00:00:01.000Z';
  expect(endpoints[0]).toMatchObject({ since, reason: 'reachability: refused' });
  expect(clouds.map(({ breakerSince }) => breakerSince)).toEqual([since, null, null]);
  expect(clouds[0]).toMatchObject({ breakerBy: endpoint, breakerCause: 'answered 500' });
  expect(shown).toMatchObject({ id: 'test', node: process.versions.node, startedAt: since, uptimeSeconds: 60 });
  expect(shown.config).toMatchObject({ since, restartNeeded: ['log'] });
});

test('the last check and the next are told by the wall clock, with the reason as it is now', () => {
  const stage = stageOf(threeClouds());
  const [first, second] = stage.view.service.endpoints.map(({ id }) => id);
  const last = { atMs: 49_000, outcome: 'failed', error: 'no answer' } as const;
  const { endpoints } = status(stage, {}, [], {
    [first as string]: { reason: 'reachability: no answer', last, nextMs: 52_000 },
    [second as string]: { reason: 'all checks are good', last: undefined, nextMs: undefined },
  });
  expect(endpoints[0]).toMatchObject({
    reason: 'reachability: no answer',
    check: {
      last: '1970-01-01T00:00:59.000Z',
      outcome: 'failed',
      error: 'no answer',
      next: '1970-01-01T00:01:02.000Z',
    },
  });
  expect(endpoints[1]?.check).toEqual({ last: null, outcome: null, error: null, next: null });
});

test('certificates that the edge obtains are shown with their times as texts', () => {
  const { certificates } = status(stageOf(threeClouds()));
  expect(certificates).toEqual([
    {
      name: 'a.example.com',
      directory: 'https://ca.example:14000/dir',
      state: 'obtained',
      endsAt: '1970-01-01T00:01:30.000Z',
      renewAt: '1970-01-01T00:01:00.000Z',
      failures: 0,
      error: '',
      againAt: null,
    },
  ]);
});
