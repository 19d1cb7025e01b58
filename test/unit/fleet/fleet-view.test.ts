import { expect, test } from 'vitest';
import type { EdgeReport, FleetDigest } from '../../../src/fleet/fleet.ts';
import { FleetView } from '../../../src/fleet/fleet-view.ts';
import { HEALTH_STATE } from '../../../src/table/endpoint-table.ts';
import { stageOf } from '../../support/stage.ts';
import { threeClouds } from '../../support/topology.ts';

const [AWS, GCP, AZURE] = [
  'shop/aws/us-east-1/10.0.0.1:8080',
  'shop/gcp/europe-west1/10.1.0.1:8080',
  'shop/azure/japaneast/10.2.0.1:8080',
] as const;

function viewOf() {
  const stage = stageOf(threeClouds());
  const told: EdgeReport[] = [];
  const heard: { digest: FleetDigest } = { digest: { edges: 0, endpoints: new Map() } };
  const view = new FleetView({
    fleet: { report: (report) => told.push(report), digest: () => heard.digest },
    table: stage.table,
    topology: () => stage.topology,
    placement: () => stage.placement,
  });
  return { ...stage, told, heard, view, live: stage.table.live };
}

test('it reports what is in flight here and what is seen of each endpoint', () => {
  const { view, told, live } = viewOf();
  live.inFlight[0] = 7;
  live.state[1] = HEALTH_STATE.unhealthy;
  live.state[2] = HEALTH_STATE.unknown;
  view.exchange();
  expect([...(told[0] ?? [])]).toEqual([
    [AWS, { inFlight: 7, seen: 'up' }],
    [GCP, { inFlight: 0, seen: 'down' }],
    [AZURE, { inFlight: 0, seen: 'unknown' }],
  ]);
});

test('it tells the mean of what is in flight, once that is measured', () => {
  const { view, told, live } = viewOf();
  live.inFlight[0] = 30;
  live.inFlightMean[0] = 12.5;
  view.exchange();
  expect(told[0]?.get(AWS)).toEqual({ inFlight: 12.5, seen: 'up' });
});

test('what others have in flight goes into the table, and out of it when they are not heard of any more', () => {
  const { view, heard, live } = viewOf();
  const of = (inFlight: number) => ({ inFlight, up: 2, down: 0, unknown: 1 });
  heard.digest = {
    edges: 3,
    endpoints: new Map([
      [GCP, of(40)],
      ['shop/aws/elsewhere/h:1', of(9)],
    ]),
  };
  view.exchange();
  expect([...live.fleetInFlight.subarray(0, 3)]).toEqual([0, 40, 0]);
  expect([view.inFlightOf(GCP), view.inFlightOf(AWS)]).toEqual([40, 0]);
  heard.digest = { edges: 0, endpoints: new Map() };
  view.exchange();
  expect([...live.fleetInFlight.subarray(0, 3)]).toEqual([0, 0, 0]);
});

test.each([
  [-5, 0],
  [3.6, 3.6],
  [1e12, 2 ** 31 - 1],
])('a figure that cannot be is bounded: %d', (inFlight, cell) => {
  const { view, heard, live } = viewOf();
  heard.digest = { edges: 1, endpoints: new Map([[AWS, { inFlight, up: 0, down: 0, unknown: 0 }]]) };
  view.exchange();
  expect(live.fleetInFlight[0]).toBe(cell);
});

test('opinions are those of the others in the last round, and this edge’s own of now', () => {
  const { view, heard, live } = viewOf();
  heard.digest = { edges: 3, endpoints: new Map([[AWS, { inFlight: 0, up: 2, down: 1, unknown: 0 }]]) };
  view.exchange();
  live.state[0] = HEALTH_STATE.unhealthy;
  expect(view.opinionsOf(AWS)).toEqual({ here: 'down', up: 2, down: 1, unknown: 0 });
  expect(view.opinionsOf(GCP)).toEqual({ here: 'up', up: 0, down: 0, unknown: 0 });
  expect(view.opinionsOf('nobody')).toEqual({ here: 'unknown', up: 0, down: 0, unknown: 0 });
});
