import { beforeEach, expect, test } from 'vitest';
import { Admission, type AdmissionTarget, cloudBreakers, endpointBreakers } from '../../../src/resilience/admission.ts';
import { CheckWitness } from '../../../src/resilience/check-witness.ts';
import { cloudBreakerIndex, EndpointTable, NOT_RAMPING, WITNESS_NONE } from '../../../src/table/endpoint-table.ts';
import { workerBlock, workerBlockBytes } from '../../../src/table/worker-block.ts';

const LIMITS = { rows: 2, services: 1, workers: 1 };
const POLICY = { failures: 2, successes: 2, openMs: 1000, probes: 1 };
const CLOUD = cloudBreakerIndex(0, 0);
const target: AdmissionTarget = { row: 0, cloudBreaker: CLOUD, endpointsInCloud: 1, policy: POLICY };

let table = EndpointTable.create(0, LIMITS, workerBlockBytes(LIMITS));
let moves: string[] = [];
let nowMs = 0;
let admission: Admission;
let witness: CheckWitness;

beforeEach(() => {
  table = EndpointTable.create(0, LIMITS, workerBlockBytes(LIMITS));
  moves = [];
  nowMs = 0;
  admission = new Admission(table, workerBlock(table.shared, 0), { nowMs: () => nowMs }, () => {});
  witness = new CheckWitness(table, (_, scope, { from, to }) => moves.push(`${scope}: ${from} to ${to}`));
  for (let i = 0; i < POLICY.failures; i += 1) admission.admit(target)?.settle('failure');
});

const states = () => [endpointBreakers(table).read(0).state, cloudBreakers(table).read(CLOUD).state];

test('checks that pass close breakers that nobody probes, once those have been open for their time', () => {
  expect(states()).toEqual(['open', 'open']);
  for (nowMs = 100; nowMs < 1000; nowMs += 100) witness.passed(target, nowMs);
  expect([states(), moves]).toEqual([['open', 'open'], []]);
  witness.passed(target, 1000);
  expect(states()).toEqual(['half-open', 'half-open']);
  expect(table.live.rampFromMs[0]).toBe(NOT_RAMPING);
  witness.passed(target, 1100);
  expect(states()).toEqual(['closed', 'closed']);
  expect(table.live.rampFromMs[0]).toBe(1100);
  expect(table.live.cloudWitness[CLOUD]).toBe(WITNESS_NONE);
  expect(moves).toEqual([
    'endpoint: open to half-open',
    'cloud: open to half-open',
    'endpoint: half-open to closed',
    'cloud: half-open to closed',
  ]);
});

test('a probe that is out has the say', () => {
  nowMs = 1000;
  const probe = admission.admit(target);
  for (let i = 0; i < 5; i += 1) witness.passed(target, 1000 + i);
  expect(states()).toEqual(['half-open', 'half-open']);
  probe?.settle('failure');
  expect(states()).toEqual(['open', 'open']);
});

test('it says when a check could be of use', () => {
  expect(witness.untilUsefulMs(target, 400)).toBe(600);
  expect(witness.untilUsefulMs(target, 1500)).toBe(0);
  expect(witness.untilUsefulMs({ ...target, row: 1, cloudBreaker: CLOUD + 1 }, 0)).toBe(Number.POSITIVE_INFINITY);
});

test('an endpoint that its checks had found down is up again: breakers wait no longer, and requests find out', () => {
  nowMs = 100;
  witness.recovered(target, nowMs);
  expect(states()).toEqual(['open', 'open']);
  const probe = admission.admit(target);
  expect(states()).toEqual(['half-open', 'half-open']);
  expect(admission.admit(target)).toBeUndefined();
  probe?.settle('failure');
  expect(states()).toEqual(['open', 'open']);
  expect(admission.admit(target)).toBeUndefined();
});
