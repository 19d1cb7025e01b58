import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  Admission,
  type AdmissionTarget,
  type BreakerScope,
  cloudBreakers,
  endpointBreakers,
  type Permit,
  type Settlement,
} from '../../../src/resilience/admission.ts';
import type { BreakerMove } from '../../../src/resilience/breaker-cells.ts';
import { cloudBreakerIndex, EndpointTable, NOT_RAMPING } from '../../../src/table/endpoint-table.ts';
import { workerBlock, workerBlockBytes } from '../../../src/table/worker-block.ts';

const LIMITS = { rows: 4, services: 1, workers: 1 };
const POLICY = { failures: 3, successes: 1, openMs: 1000, probes: 1 };
const CLOUD = cloudBreakerIndex(0, 0);

/** Rows 0 and 1 are endpoints of one cloud, row 2 is alone in the next. */
const target = (row: number): AdmissionTarget =>
  row === 2
    ? { row, cloudBreaker: CLOUD + 1, endpointsInCloud: 1, policy: POLICY }
    : { row, cloudBreaker: CLOUD, endpointsInCloud: 2, policy: POLICY };

let nowMs = 0;
let moves: [number, BreakerScope, BreakerMove][] = [];
let table = EndpointTable.create(0, LIMITS, workerBlockBytes(LIMITS));
let block = workerBlock(table.shared, 0);
let admission = make();

function make(): Admission {
  return new Admission(table, block, { nowMs: () => nowMs }, ({ row }, scope, move) => moves.push([row, scope, move]));
}

beforeEach(() => {
  nowMs = 0;
  moves = [];
  table = EndpointTable.create(0, LIMITS, workerBlockBytes(LIMITS));
  block = workerBlock(table.shared, 0);
  admission = make();
});

function send(row: number, settlement: Settlement): void {
  const permit = admission.admit(target(row));
  expect(permit).toBeDefined();
  permit?.settle(settlement);
}

const cloud = (index = CLOUD) => cloudBreakers(table).read(index);
const endpoint = (row: number) => endpointBreakers(table).read(row);

describe('in flight', () => {
  test('is exactly the permits that are out, in the table and in the thread’s block', () => {
    const act = fc.record({
      row: fc.nat(2),
      settlement: fc.constantFrom<Settlement>('success', 'failure', 'abandoned'),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(act, fc.boolean()), { maxLength: 60 }), (acts) => {
        table = EndpointTable.create(0, LIMITS, workerBlockBytes(LIMITS));
        block = workerBlock(table.shared, 0);
        admission = make();
        const out: Permit[] = [];
        for (const [{ row, settlement }, settles] of acts) {
          if (settles) out.shift()?.settle(settlement);
          else out.push(admission.admit(target(row)) ?? admission.force(target(row)));
          for (let i = 0; i < LIMITS.rows; i += 1) {
            const expected = out.filter((permit) => permit.target.row === i).length;
            expect(table.live.inFlight[i]).toBe(expected);
            expect(block.inFlight[i]).toBe(expected);
          }
        }
      }),
    );
  });

  test('a permit settles once', () => {
    const permit = admission.admit(target(0)) as Permit;
    permit.settle('success');
    expect(() => permit.settle('failure')).toThrow('settles once');
    expect(table.live.inFlight[0]).toBe(0);
    expect(endpoint(0)).toEqual({ state: 'closed', failures: 0 });
  });

  test('a hold counts until it is let go, and no breaker hears of it', () => {
    const release = admission.hold(target(1));
    expect([table.live.inFlight[1], block.inFlight[1]]).toEqual([1, 1]);
    release();
    expect([table.live.inFlight[1], block.inFlight[1]]).toEqual([0, 0]);
    expect(table.live.breaker[1]).toBe(0);
  });
});

describe('a cloud’s breaker', () => {
  test('does not open through one of several endpoints, however often it fails', () => {
    for (let i = 0; i < POLICY.failures; i += 1) send(0, 'failure');
    expect(endpoint(0).state).toBe('open');
    for (let i = 0; i < 20; i += 1) admission.force(target(0)).settle('failure');
    expect(cloud().state).toBe('closed');
    expect(moves).toEqual([[0, 'endpoint', { from: 'closed', to: 'open' }]]);
    send(1, 'success');
    expect(cloud()).toEqual({ state: 'closed', failures: 0 });
  });

  test('opens once a second endpoint fails too', () => {
    for (let i = 0; i < POLICY.failures; i += 1) send(0, 'failure');
    send(1, 'failure');
    expect(cloud()).toEqual({ state: 'open', untilMs: 1000 });
    expect(moves.at(-1)).toEqual([1, 'cloud', { from: 'closed', to: 'open' }]);
    expect(endpoint(1)).toEqual({ state: 'closed', failures: 1 });
    expect(admission.admit(target(1))).toBeUndefined();
    expect(table.live.inFlight[1]).toBe(0);
  });

  test('forgets who failed when something succeeds', () => {
    send(0, 'failure');
    send(1, 'failure');
    send(1, 'success');
    send(0, 'failure');
    expect(cloud()).toEqual({ state: 'closed', failures: 1 });
    for (let i = 0; i < 9; i += 1) admission.force(target(0)).settle('failure');
    expect(cloud()).toEqual({ state: 'closed', failures: 2 });
  });

  test('opens through the only endpoint that the service has there', () => {
    for (let i = 0; i < POLICY.failures; i += 1) send(2, 'failure');
    expect(cloud(CLOUD + 1).state).toBe('open');
    expect(cloud().state).toBe('closed');
  });

  test('learns nothing from what was abandoned', () => {
    for (let i = 0; i < 9; i += 1) send(2, 'abandoned');
    expect(cloud(CLOUD + 1)).toEqual({ state: 'closed', failures: 0 });
    expect(endpoint(2)).toEqual({ state: 'closed', failures: 0 });
  });

  test('gets its probe back when the endpoint refuses', () => {
    for (let i = 0; i < POLICY.failures; i += 1) send(0, 'failure');
    send(1, 'failure');
    nowMs = 1500;
    // The endpoint's own breaker has been opened anew and has time left; the cloud's may be probed.
    for (let i = 0; i < POLICY.failures; i += 1) {
      endpointBreakers(table).report(0, endpointBreakers(table).epoch(0), 'success', { nowMs, policy: POLICY });
    }
    const cells = endpointBreakers(table);
    for (let i = 0; i < POLICY.failures; i += 1) cells.report(0, cells.epoch(0), 'failure', { nowMs, policy: POLICY });
    expect(admission.admit(target(0))).toBeUndefined();
    expect(cloud()).toMatchObject({ state: 'half-open', probing: 0 });
    expect(table.live.inFlight[0]).toBe(0);
    const probe = admission.admit(target(1));
    expect(probe).toBeDefined();
    expect(admission.admit(target(1))).toBeUndefined();
  });
});

describe('panic', () => {
  test('sends whatever the breakers say, counts, and a success closes them', () => {
    for (let i = 0; i < POLICY.failures; i += 1) send(2, 'failure');
    expect(admission.admit(target(2))).toBeUndefined();
    const permit = admission.force(target(2));
    expect(table.live.inFlight[2]).toBe(1);
    permit.settle('success');
    expect(endpoint(2)).toEqual({ state: 'closed', failures: 0 });
    expect(cloud(CLOUD + 1)).toEqual({ state: 'closed', failures: 0 });
    expect(admission.admit(target(2))).toBeDefined();
  });

  test('a failure in panic changes nothing', () => {
    for (let i = 0; i < POLICY.failures; i += 1) send(2, 'failure');
    nowMs = 500;
    admission.force(target(2)).settle('failure');
    expect(endpoint(2)).toEqual({ state: 'open', untilMs: 1000 });
  });
});

test('an endpoint whose breaker closes goes on the ramp from that moment', () => {
  for (let i = 0; i < POLICY.failures; i += 1) send(2, 'failure');
  expect(table.live.rampFromMs[2]).toBe(NOT_RAMPING);
  nowMs = 1234;
  const probe = admission.admit(target(2)) as Permit;
  nowMs = 1300;
  probe.settle('success');
  expect(table.live.rampFromMs[2]).toBe(1300);
  expect(moves.slice(-2)).toEqual([
    [2, 'endpoint', { from: 'half-open', to: 'closed' }],
    [2, 'cloud', { from: 'half-open', to: 'closed' }],
  ]);
});

test('a settlement that comes after the breaker has moved on is not heard', () => {
  const slow = admission.admit(target(2)) as Permit;
  for (let i = 0; i < POLICY.failures; i += 1) send(2, 'failure');
  nowMs = 1000;
  const probe = admission.admit(target(2)) as Permit;
  slow.settle('failure');
  expect(endpoint(2)).toMatchObject({ state: 'half-open', probing: 1 });
  probe.settle('success');
  expect(endpoint(2).state).toBe('closed');
  expect(table.live.inFlight[2]).toBe(0);
});

describe('an answer’s head', () => {
  const opened = () => {
    for (let i = 0; i < POLICY.failures; i += 1) send(2, 'failure');
    nowMs = 1000;
    return admission.admit(target(2)) as Permit;
  };

  test('is a probe’s success; it stays in flight until its body has ended', () => {
    const stream = opened();
    stream.judge('success', nowMs);
    expect([endpoint(2).state, cloud(CLOUD + 1).state]).toEqual(['closed', 'closed']);
    expect(table.live.inFlight[2]).toBe(1);
    send(2, 'failure');
    stream.settle('success');
    // Told once: the end of the body does not make the failure be forgotten.
    expect(endpoint(2)).toEqual({ state: 'closed', failures: 1 });
    expect(table.live.inFlight[2]).toBe(0);
  });

  test('may be its failure', () => {
    const probe = opened();
    probe.judge('failure', nowMs);
    expect(endpoint(2)).toEqual({ state: 'open', untilMs: 2000 });
    probe.settle('failure');
    expect(endpoint(2)).toEqual({ state: 'open', untilMs: 2000 });
  });

  test('says nothing to breakers that are closed: half an answer is none', () => {
    send(2, 'failure');
    send(2, 'failure');
    const permit = admission.admit(target(2)) as Permit;
    permit.judge('success', nowMs);
    expect(endpoint(2)).toEqual({ state: 'closed', failures: 2 });
    permit.settle('failure');
    expect(endpoint(2).state).toBe('open');
  });
});

test('a request in panic that is given up frees no place of a probe', () => {
  for (let i = 0; i < POLICY.failures; i += 1) send(2, 'failure');
  nowMs = 1000;
  const probe = admission.admit(target(2)) as Permit;
  admission.force(target(2)).settle('abandoned');
  expect(admission.admit(target(2))).toBeUndefined();
  probe.settle('abandoned');
  expect(admission.admit(target(2))).toBeDefined();
});
