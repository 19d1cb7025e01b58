import { expect, test } from 'vitest';
import { type AdminPortsDeps, adminPorts } from '../../../src/compose/admin-ports.ts';
import { StatusNotes } from '../../../src/compose/status-notes.ts';
import { alone } from '../../../src/fleet/alone.ts';
import { Overrides } from '../../../src/fleet/overrides.ts';
import type { GeoDatabase } from '../../../src/geo/maxmind.ts';
import { HEALTH_STATE } from '../../../src/table/endpoint-table.ts';
import { stageOf } from '../../support/stage.ts';
import { threeClouds } from '../../support/topology.ts';

const GEO: GeoDatabase = { kind: 'country', ipVersion: 6, builtAtMs: 0, lookup: () => undefined };

function ports(shared = false) {
  const stage = stageOf(threeClouds({ top: 'admin: { token: "0123456789abcdef0123456789abcdef" }' }));
  const state = { listening: 2, started: true, problems: [] as string[], begun: false, phase: 'serving' };
  const control = {
    table: stage.table,
    blocks: stage.blocks,
    rows: { placement: stage.placement },
    current: { topology: stage.topology, written: stage.topology, geo: GEO },
    notes: new StatusNotes(() => 0),
    obtained: { facts: () => [] },
    loops: { clock: { nowMs: () => 1000 } },
    metrics: {
      render: async (format: string) => ({ contentType: format, body: 'requests_total 1\n' }),
      counted: () => ({ requests: 0, errors: 0, tries: 0 }),
    },
  };
  const fleet = alone({ edge: 'iad-1', region: 'us-east-1', wallMs: () => 0 });
  const overrides = new Overrides({ fleet, wallMs: () => 0, emit: () => {}, apply: () => {} });
  const view = { opinionsOf: () => ({ here: 'up', up: 0, down: 0, unknown: 0 }) };
  const troubled = {
    region: 'us-east-1',
    role: 'primary',
    connected: false,
    writable: false,
    trouble: 'is full',
    waiting: 2,
  };
  const status = () => ({ ...fleet.status(), regions: [troubled] });
  const deps = {
    fleet: { fleet: { ...fleet, status }, shared, overrides, view, values: { isOn: () => false } },
    control,
    threads: {
      get listening() {
        return state.listening;
      },
      get started() {
        return state.started;
      },
      get problems() {
        return state.problems;
      },
    },
    threadCount: 2,
    chaos: { registry: { settings: stage.topology.chaos, running: [], ended: [] } },
    reportOf: () => ({ reason: 'not checked yet', last: undefined, nextMs: undefined }),
    alerting: { alerts: () => 'the alerts', slo: () => 'the objectives' },
    reloader: { reload: async () => ({ ok: false, problems: ['line 1'] }) },
    shutdown: {
      get begun() {
        return state.begun;
      },
      get phase() {
        return state.phase;
      },
    },
  };
  return { stage, state, ports: adminPorts(deps as unknown as AdminPortsDeps) };
}

test('it is ready once all threads have listened, while it serves and one of them listens', () => {
  const { ports: admin, state } = ports();
  expect(admin.live()).toBe(true);
  state.started = false;
  state.listening = 1;
  expect(admin.readiness().ready).toBe(false);
  state.started = true;
  state.problems = ['edge thread 1 ended: listen EADDRINUSE'];
  expect(admin.readiness().ready).toBe(true);
  expect(admin.readiness().checks[1]?.detail).toBe(
    '1 of 2 edge threads listen; edge thread 1 ended: listen EADDRINUSE',
  );
  state.listening = 0;
  expect(admin.readiness().ready).toBe(false);
  state.listening = 1;
  Object.assign(state, { begun: true, phase: 'draining' });
  expect(admin.readiness()).toMatchObject({ ready: false });
  expect(admin.readiness().checks[0]).toEqual({ name: 'serving', ok: false, detail: 'draining' });
});

test('a service whose endpoints are all down is reported, and no reason to take the edge out', () => {
  const { ports: admin, stage } = ports();
  stage.table.live.drained[0] = 1;
  stage.table.live.state.fill(HEALTH_STATE.unhealthy, 1, 3);
  const { ready, checks } = admin.readiness();
  expect(ready).toBe(true);
  expect(checks.at(-1)).toEqual({ name: 'service shop', ok: true, detail: '0 of 3 endpoints may be sent to: panic' });
});

test('metrics, explanations, topology, status and reload come from where they are made', async () => {
  const { ports: admin } = ports();
  expect(await admin.metrics('text')).toEqual({ contentType: 'text', body: 'requests_total 1\n' });
  const query = { clientIp: '10.0.0.1', priority: undefined, service: undefined };
  expect(admin.explain(query)).toMatchObject({ decision: { service: 'shop' } });
  const conditions = Object.values((admin.explain(query) as { conditions: object }).conditions);
  expect(conditions).toHaveLength(3);
  expect(conditions[0]).toMatchObject({ state: 'healthy', reason: 'not checked yet' });
  expect(admin.explain({ ...query, service: 'x' })).toEqual({ error: 'no service "x"; there are: shop', status: 400 });
  expect(JSON.stringify(admin.topology())).not.toContain('0123456789abcdef');
  expect(admin.status()).toMatchObject({ endpoints: [{}, {}, {}] });
  expect(admin.chaos.list()).toMatchObject({ enabled: false, running: [] });
  expect(await admin.reload()).toEqual({ ok: false, problems: ['line 1'] });
});

test('alerts and objectives are those of who keeps them', () => {
  const { ports: admin } = ports();
  expect([admin.alerts(), admin.slo()]).toEqual(['the alerts', 'the objectives']);
});

test('trouble with the fleet is reported, and no reason to take the edge out', () => {
  const { ready, checks } = ports(true).ports.readiness();
  expect(ready).toBe(true);
  expect(checks.at(-1)).toEqual({
    name: 'fleet',
    ok: true,
    detail: '1 edges heard; trouble: us-east-1 is full',
  });
  expect(
    ports(false)
      .ports.readiness()
      .checks.map(({ name }) => name),
  ).not.toContain('fleet');
});

test('the fleet is shown, and what operators decide about endpoints is carried out', async () => {
  const { ports: admin } = ports(true);
  const body = { cloud: 'gcp', reason: 'why' };
  expect(await admin.fleet.order('drain', body)).toMatchObject({ scope: 'gcp', stored: 'here', trouble: 'is full' });
  expect(admin.fleet.show()).toMatchObject({ edge: 'iad-1', shared: true, overrides: [{ scope: 'gcp' }], doubted: [] });
  expect(admin.status()).toMatchObject({ overrides: [{ kind: 'drain', reason: 'why' }] });
});
