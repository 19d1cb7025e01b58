import { beforeEach, expect, test } from 'vitest';
import { Assigner } from '../../../src/health/assigner.ts';
import { ClientRoundTrips } from '../../../src/health/client-round-trips.ts';
import { RoundTrips } from '../../../src/health/round-trips.ts';
import { meanWaitMs } from '../../../src/routing/queueing.ts';
import { NOT_ASSIGNED, ORIGIN_CELLS, originCell } from '../../../src/table/assigned-cells.ts';
import { HEALTH_STATE } from '../../../src/table/endpoint-table.ts';
import { type Stage, stageOf } from '../../support/stage.ts';
import { threeClouds, topologyOf } from '../../support/topology.ts';

// Endpoints of ten servers each: 333 requests a second of 30 ms.
const SERVERS = 10;
const CAPACITY = 2 * SERVERS;
const SERVICE_MS = 30;
const WAYS = [5, 60, 200];
const [AWS, GCP, AZURE] = [0, 1, 2];

let stage: Stage;
let assigner: Assigner;
let trips: RoundTrips;
let nowMs = 0;

function begin(
  select: 'optimal' | 'best' = 'optimal',
  topology = threeClouds({ service: `routing: { select: ${select} }` }),
): void {
  stage = stageOf(topology);
  assigner = new Assigner(stage.table, stage.blocks, new ClientRoundTrips());
  trips = new RoundTrips();
  nowMs = 0;
  stage.table.live.capacity.fill(CAPACITY, 0, 3);
  for (const [row, ms] of WAYS.entries()) trips.checked(row, ms);
}

beforeEach(() => begin());

/** Seconds in which so many requests came, from which origin, and went where they were assigned, as did all others: `all` with them. */
function seconds(count: number, rate: number, cell = 0, all = rate): void {
  const { live } = stage.table;
  for (let second = 0; second < count; second += 1) {
    nowMs += 1000;
    for (const block of stage.blocks) block.demand[cell] = (block.demand[cell] as number) + rate / 2;
    for (const [row, way] of WAYS.entries()) {
      // Before anything is assigned, all are used a little.
      const part = live.assignedAtMs[0] === NOT_ASSIGNED ? 1 / 3 : (live.assignedPart[row] as number);
      // No more than its servers can do.
      const answers = Math.round(Math.min(part * all, (0.97 * SERVERS * 1000) / SERVICE_MS));
      const busy = (part * all * SERVICE_MS) / 1000 + (live.fleetInFlight[row] as number);
      const waitMs = meanWaitMs(SERVERS, Math.min(0.97 * SERVERS, busy), SERVICE_MS, 1);
      const firstByteSumMs = answers * (way + SERVICE_MS + waitMs);
      trips.counted(row, { firstByteSumMs, firstByteCount: answers }, nowMs);
      live.inFlightMean[row] = (part * all * SERVICE_MS) / 1000;
    }
    trips.settle(
      [0, 1, 2].map((row) => ({ row, capacity: CAPACITY })),
      live,
      nowMs,
    );
    assigner.look(stage, () => trips, nowMs);
  }
}

const shares = (cell = 0) =>
  [AWS, GCP, AZURE].map((row) => stage.table.live.assignedShare[row * ORIGIN_CELLS + cell] as number);

test('all to the nearest while it has room', () => {
  seconds(30, 100);
  const [aws = 0] = shares();
  expect(aws).toBeGreaterThan(0.99);
  const { live } = stage.table;
  expect(live.assignedAtMs[0]).toBe(nowMs);
  expect(live.assignedPart[AWS]).toBeCloseTo(aws, 6);
  // By Little's law, of what is taken for usual: a little more than it is, by what nobody can know.
  expect(live.assignedLoad[AWS]).toBeGreaterThan((100 * aws * SERVICE_MS) / 1000 - 0.05);
  expect(live.assignedLoad[AWS]).toBeLessThan((105 * aws * SERVICE_MS) / 1000);
});

test('what the nearest has no room for goes to the next', () => {
  seconds(40, 450);
  const [aws = 0, gcp = 0, azure = 0] = shares();
  expect(aws * 450).toBeLessThan(333);
  expect(aws * 450).toBeGreaterThan(220);
  expect(gcp).toBeGreaterThan(0.25);
  expect(azure).toBeLessThan(0.02);
  expect(aws + gcp + azure).toBeCloseTo(1, 2);
});

test('an endpoint is assigned no more of what is not its own than the file lets it take', () => {
  begin('optimal', threeClouds({ service: 'routing: { select: optimal, overflow_max: 10% }' }));
  // Not for so long that the nearest seems as far as the next, by how long requests wait there: then the next is as near.
  seconds(6, 500);
  const [, gcp = 0] = shares();
  // Of a capacity half is worked on at a time: of 333 requests a second a fifth, and in six looks four fifths of the way to it.
  expect(gcp * 500).toBeGreaterThan(45);
  expect(gcp * 500).toBeLessThan(67);
  begin();
  seconds(6, 500);
  expect((shares()[GCP] ?? 0) * 500).toBeGreaterThan(100);
});

test('what other edges have there leaves less of it for this one', () => {
  seconds(30, 200);
  expect(shares()[AWS]).toBeGreaterThan(0.95);
  stage.table.live.fleetInFlight[AWS] = 6;
  seconds(30, 200);
  expect(shares()[AWS]).toBeLessThan(0.9);
});

test('a move takes some seconds: all edges make it at once, and each hears of the others late', () => {
  seconds(30, 100);
  stage.table.live.drained[AWS] = 1;
  seconds(1, 100);
  expect(shares()[AWS]).toBeCloseTo(0.75, 1);
  seconds(40, 100);
  expect(shares()[AWS]).toBe(0);
  expect(shares()[GCP]).toBeGreaterThan(0.98);
});

test('what is degraded by errors gets in part what it had, and what is down gets nothing', () => {
  const { live } = stage.table;
  live.state[AWS] = HEALTH_STATE.unhealthy;
  live.health[AWS] = 0;
  seconds(30, 100);
  expect(shares()[AWS]).toBeLessThan(0.01);
  expect(shares()[GCP]).toBeGreaterThan(0.98);
});

test('clients of each region by how far they are', () => {
  for (const block of stage.blocks) block.countries[0] = 0;
  seconds(20, 50, 3);
  expect(shares(3).reduce((sum, share) => sum + share, 0)).toBeGreaterThan(0.98);
  expect(shares(0)).toEqual([0, 0, 0]);
});

test('nothing is assigned before anybody has come, and nothing ever with select: best', () => {
  assigner.look(stage, () => trips, 1000);
  expect(stage.table.live.assignedAtMs[0]).toBe(NOT_ASSIGNED);
  begin('best');
  seconds(10, 100);
  expect(stage.table.live.assignedAtMs[0]).toBe(NOT_ASSIGNED);
});

test('counters that began anew are no negative demand', () => {
  seconds(20, 100);
  for (const block of stage.blocks) block.demand[0] = 0;
  seconds(20, 100);
  expect(shares()[AWS]).toBeGreaterThan(0.99);
});

/** The three with more to say of each; the file says it of the service, too. */
function placed(service: string, each: readonly string[]) {
  return topologyOf(`version: 1
edge: { id: test, region: aws/us-east-1 }
services:
  shop:
    routing: { select: optimal }
${service}
    endpoints:
      - { cloud: aws, region: us-east-1, url: "http://10.0.0.1", capacity: 20${each[AWS]} }
      - { cloud: gcp, region: europe-west1, url: "http://10.1.0.1", capacity: 20${each[GCP]} }
      - { cloud: azure, region: japaneast, url: "http://10.2.0.1", capacity: 20${each[AZURE]} }
`);
}

test('an endpoint that a fence keeps from clients gets no share of theirs, and what they take there is left to the others', () => {
  begin('optimal', placed('    fence: { when: { countries: [EU] }, only: { countries: [BE] } }', ['', '', '']));
  const [free, held] = [originCell(0, 0), originCell(0, 1)];
  for (let second = 0; second < 60; second += 1) {
    // Each look sees both.
    for (const block of stage.blocks) block.demand[held] = (block.demand[held] as number) + 250 / 2;
    seconds(1, 100, free, 350);
  }
  expect(shares(held)).toEqual([0, expect.closeTo(1, 2), 0]);
  expect(shares(free)[AWS]).toBeGreaterThan(0.98);
  // The fenced fill Belgium, so that what Virginia has no room for goes to Tokyo, though Belgium is nearer.
  seconds(1, 100, free);
  for (let second = 0; second < 60; second += 1) {
    for (const block of stage.blocks) block.demand[held] = (block.demand[held] as number) + 320 / 2;
    seconds(1, 420, free, 740);
  }
  const [, gcp = 0, azure = 0] = shares(free);
  expect(azure).toBeGreaterThan(gcp);
  expect(shares(held)).toEqual([0, expect.closeTo(1, 2), 0]);
});

test('a lower tier gets nothing while the first has anybody, and all when it has nobody', () => {
  begin('optimal', placed('', [', tier: 2', '', '']));
  seconds(40, 450);
  expect(shares()[AWS]).toBe(0);
  expect((shares()[GCP] as number) + (shares()[AZURE] as number)).toBeCloseTo(1, 2);
  const { live } = stage.table;
  for (const row of [GCP, AZURE]) live.drained[row] = 1;
  seconds(40, 100);
  expect(shares()).toEqual([expect.closeTo(1, 2), 0, 0]);
});

test('the requests of a split are assigned set by set', () => {
  begin(
    'optimal',
    placed('    split: { stable: 90, canary: 10 }', [', set: canary', ', set: stable', ', set: stable']),
  );
  seconds(40, 300);
  // All of the canary's part to the canary, all of the rest to the nearest of the others.
  expect(shares()[AWS]).toBeCloseTo(1, 2);
  expect(shares()[GCP]).toBeGreaterThan(0.8);
  expect((shares()[GCP] as number) + (shares()[AZURE] as number)).toBeCloseTo(1, 2);
  const { assignedPart } = stage.table.live;
  expect(assignedPart[AWS]).toBeCloseTo(0.1, 2);
  expect([AWS, GCP, AZURE].reduce((sum, row) => sum + (assignedPart[row] as number), 0)).toBeCloseTo(1, 2);
});
