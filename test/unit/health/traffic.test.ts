import { expect, test } from 'vitest';
import { between, NOTHING, refusedOf, totalsOf } from '../../../src/health/traffic.ts';
import { EndpointTable } from '../../../src/table/endpoint-table.ts';
import {
  OUTCOMES,
  type Outcome,
  type WorkerBlock,
  workerBlock,
  workerBlockBytes,
} from '../../../src/table/worker-block.ts';

const LIMITS = { rows: 3, services: 1, workers: 2 };

function blocks(): WorkerBlock[] {
  const table = EndpointTable.create(0, LIMITS, workerBlockBytes(LIMITS));
  return [workerBlock(table.shared, 0), workerBlock(table.shared, 1)];
}

function count(block: WorkerBlock | undefined, row: number, outcome: Outcome): void {
  const cell = row * OUTCOMES.length + OUTCOMES.indexOf(outcome);
  block!.outcomes[cell]! += 1;
}

test.each(OUTCOMES)('%s counts as it should', (outcome) => {
  const threads = blocks();
  count(threads[1], 2, outcome);
  const silent = ['abandoned', 'stale-connection', 'no-resources', 'overloaded', 'agreed'].includes(outcome);
  const attempts = silent ? 0 : 1;
  const failures = silent || outcome === 'success' ? 0 : 1;
  expect(totalsOf(threads, 2)).toEqual({ ...NOTHING, attempts, failures });
  expect(totalsOf(threads, 1)).toEqual(NOTHING);
});

test('threads are added up, also their first bytes', () => {
  const threads = blocks();
  count(threads[0], 1, 'success');
  count(threads[1], 1, 'success');
  count(threads[1], 1, 'outpaced');
  threads[0]!.firstByteSumMs[1] = 30;
  threads[0]!.firstByteCount[1] = 1;
  threads[1]!.firstByteSumMs[1] = 12;
  threads[1]!.firstByteCount[1] = 2;
  expect(totalsOf(threads, 1)).toEqual({ attempts: 3, failures: 1, firstByteSumMs: 42, firstByteCount: 3 });
});

test('between two readings is what came in', () => {
  const before = { attempts: 5, failures: 1, firstByteSumMs: 50, firstByteCount: 5 };
  const after = { attempts: 9, failures: 3, firstByteSumMs: 80, firstByteCount: 6 };
  expect(between(before, after)).toEqual({ attempts: 4, failures: 2, firstByteSumMs: 30, firstByteCount: 1 });
});

test('counters that went back say nothing this once', () => {
  const before = { attempts: 5, failures: 1, firstByteSumMs: 50, firstByteCount: 5 };
  expect(between(before, { ...before, attempts: 2 })).toEqual(NOTHING);
});

test('what an endpoint has refused for want of room is added up over the threads', () => {
  const threads = blocks();
  count(threads[0], 1, 'overloaded');
  count(threads[1], 1, 'overloaded');
  count(threads[1], 1, 'success');
  expect([refusedOf(threads, 0), refusedOf(threads, 1)]).toEqual([0, 2]);
});
