import { expect, test, vi } from 'vitest';
import { LatencyRows } from '../../src/edge/request/latency-rows.ts';
import { serviceState } from '../../src/edge/request/service-state.ts';
import { readDatabase } from '../../src/geo/database-file.ts';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { startRig, threeCloudsYaml } from '../support/rig.ts';
import { threeClouds } from '../support/topology.ts';

/** Clients in ten countries. */
const CLIENTS = Array.from({ length: 10 }, (_, i) => `${3 + i * 20}.80.0.1`);

test('a name that leads to other addresses, or a reload that moves nothing, has nobody located again', async () => {
  const origins = await Promise.all(['aws', 'gcp', 'azure'].map((name) => startOrigin(name)));
  const [aws, gcp, azure] = origins.map(({ port }) => port) as [number, number, number];
  const { database } = await readDatabase('builtin');
  const lookup = vi.spyOn(database, 'lookup');
  const rig = await startRig(threeCloudsYaml([aws, gcp, azure]), { geo: database });
  const round = async () => {
    for (const client of CLIENTS) await ask(rig.port, { headers: { 'x-forwarded-for': client } });
    return lookup.mock.calls.length;
  };
  const once = await round();
  expect(once).toBeGreaterThan(0);
  const [endpoint] = rig.topology.services[0]!.endpoints;
  rig.edge.setAddresses({ [endpoint!.id]: [{ host: '127.0.0.1', port: aws }] });
  expect(await round()).toBe(once);
  const { topology, placement } = rig;
  rig.edge.deploy(
    structuredClone({
      topology,
      placement,
      addresses: {},
      authorities: {},
      clientPairs: {},
      listenerPem: {},
      ticketKeys: undefined,
    }),
  );
  expect(await round()).toBe(once);
});

test('distances that have been worked out stay while a service and the edge stay where they are', () => {
  const before = threeClouds();
  const service = before.services[0]!;
  const placement = { rows: Object.fromEntries(service.endpoints.map(({ id }, i) => [id, i])), slots: { shop: 0 } };
  const at = { placement, nowMs: 0 };
  const state = serviceState(service, before, at, undefined);
  const kept = (topology: typeof before) => {
    const next = topology.services[0]!;
    const rows = Object.fromEntries(next.endpoints.map(({ id }, i) => [id, i]));
    const { latencies } = serviceState(next, topology, { ...at, placement: { ...placement, rows } }, state);
    expect(latencies).toBeInstanceOf(LatencyRows);
    return latencies === state.latencies;
  };
  expect(kept(threeClouds({ service: 'retries: { attempts: 5 }' }))).toBe(true);
  expect(kept(threeClouds({ service: 'routing: { curve: decay }' }))).toBe(false);
  expect(kept(threeClouds({ each: 2 }))).toBe(false);
  expect(kept(threeClouds({ top: 'edge: { id: test, region: gcp/europe-west1 }' }))).toBe(false);
});
