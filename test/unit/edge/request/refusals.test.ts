import { describe, expect, test } from 'vitest';
import { Refusals } from '../../../../src/edge/request/refusals.ts';
import { REST_RUN } from '../../../../src/resilience/rest.ts';
import { begun, type Path, pathOf } from '../../../support/path.ts';
import { threeClouds } from '../../../support/topology.ts';

const AWS = 0;

const SERVICE = { retries: { statuses: [503], retryAfterMaxMs: 60_000 } } as unknown as Parameters<
  Refusals['refuses']
>[0];
const ATTEMPT = { permit: { target: { row: 1 } } } as unknown as Parameters<Refusals['refuses']>[1];
const REFUSAL = { status: 503, lines: 'Retry-After: 2\r\n' };

test('refusals of all threads count together, and a rest is not cut short by one that asks for less', () => {
  const columns = {
    refusedRun: new Int32Array(new SharedArrayBuffer(8)),
    restUntilMs: new Float64Array(new SharedArrayBuffer(16)),
  };
  let nowMs = 100;
  const clock = { nowMs: () => nowMs };
  const threads = [new Refusals(columns, clock), new Refusals(columns, clock)];
  for (let i = 0; i < REST_RUN; i += 1) expect(threads[i % 2]?.refuses(SERVICE, ATTEMPT, REFUSAL)).toBe(true);
  expect([...columns.restUntilMs]).toEqual([0, 2100]);
  nowMs = 200;
  threads[0]?.refuses(SERVICE, ATTEMPT, { ...REFUSAL, lines: 'Retry-After: 1\r\n' });
  expect(columns.restUntilMs[1]).toBe(2100);
  threads[1]?.answers(ATTEMPT);
  expect([...columns.refusedRun]).toEqual([0, 0]);
  expect(threads[0]?.refuses(SERVICE, ATTEMPT, { ...REFUSAL, lines: 'Server: x\r\n' })).toBe(false);
});

describe('an endpoint that asks to be left alone', () => {
  const refuse = (path: Path, lines: string, status = 503): void => {
    const { exchange, attempt } = begun(path);
    path.pipeline.refusing(exchange, attempt, status, lines);
    path.pipeline.answered(exchange, attempt, status, false);
    path.pipeline.ended(exchange, attempt, 'complete');
  };
  const restMs = (path: Path): number => (path.stage.table.live.restUntilMs[AWS] as number) - path.now.ms;

  test('rests after three refusals in a row, for as long as it asks and no longer than the file says', () => {
    const path = pathOf(threeClouds({ service: 'retries: { retry_after_max: 20s }' }));
    refuse(path, 'Retry-After: 5\r\n');
    refuse(path, 'Retry-After: 5\r\n');
    expect(restMs(path)).toBeLessThanOrEqual(0);
    expect(begun(path).attempt.endpoint.cloud).toBe('aws');
    refuse(path, 'Retry-After: 5\r\n');
    expect(restMs(path)).toBe(5000);
    expect(begun(path).attempt.endpoint.cloud).toBe('gcp');
    path.now.ms += 5000;
    expect(begun(path).attempt.endpoint.cloud).toBe('aws');
    refuse(path, 'Retry-After: 3600\r\n');
    expect(restMs(path)).toBe(20_000);
  });

  test('does not while it answers others in between, nor for a 429 that is about its client', () => {
    const path = pathOf();
    for (let i = 0; i < 5; i += 1) {
      refuse(path, 'Retry-After: 5\r\n');
      refuse(path, 'Retry-After: 5\r\n');
      const { exchange, attempt } = begun(path);
      path.pipeline.answered(exchange, attempt, 200, false);
      path.pipeline.ended(exchange, attempt, 'complete');
    }
    for (let i = 0; i < 5; i += 1) refuse(path, 'Retry-After: 5\r\n', 429);
    expect(restMs(path)).toBeLessThanOrEqual(0);
  });

  test('rests after a 429 where the file says that it is the endpoint’s', () => {
    const path = pathOf(threeClouds({ service: 'retries: { statuses: [429], attempts: 1 }' }));
    for (let i = 0; i < 3; i += 1) refuse(path, 'Retry-After: 5\r\n', 429);
    expect(restMs(path)).toBe(5000);
  });
});
