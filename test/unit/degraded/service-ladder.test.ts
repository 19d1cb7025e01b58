import { expect, test } from 'vitest';
import type { DegradedPolicy } from '../../../src/config/topology-degraded.ts';
import { PASSING_BYTES_MAX } from '../../../src/degraded/limits.ts';
import { REFRESHES_MAX, ServiceLadder } from '../../../src/degraded/service-ladder.ts';
import { ByteBudget } from '../../../src/table/byte-budget.ts';
import { temporaryFolder } from '../../support/process.ts';
import { copyWith, headersOf, POLICY } from './copies.ts';

const ladderOf = (cache: Partial<DegradedPolicy['cache']>, threads = 1, previous?: ServiceLadder) => {
  const failures: string[] = [];
  const policy = { primaryMs: 100, waitMs: 0, cache: { ...POLICY, ...cache }, fallbacks: [] };
  const deps = { threads, wallMs: () => 0, storeFailed: (error: string) => failures.push(error) };
  return { ladder: new ServiceLadder(policy, deps, previous), failures };
};
const kept = (ladder: ServiceLadder) =>
  Array.from({ length: 20 }, (_, i) => ladder.find(`http://x/${i}`, headersOf())).filter((copy) => copy !== undefined);

test('memory is shared out among the threads', () => {
  const { ladder } = ladderOf({ entries: 9 }, 2);
  for (let i = 0; i < 20; i += 1) ladder.keep(`http://x/${i}`, copyWith());
  expect(kept(ladder)).toHaveLength(4);
});

test('a store that does not work is reported once, and costs copies only', () => {
  const path = temporaryFolder().write('text', 'no database'.repeat(100));
  const { ladder, failures } = ladderOf({ store: 'sqlite', path });
  ladder.keep('http://x/0', copyWith());
  expect([kept(ladder), ladder.staleAtMs('http://x/0')]).toEqual([[], undefined]);
  ladder.forget({ prefix: '' });
  expect(failures).toEqual([expect.stringMatching(/not a database/)]);
});

test('late answers have a bounded number of places, one for each URL', () => {
  const { ladder } = ladderOf({});
  expect([ladder.beginRefresh('a'), ladder.beginRefresh('a')]).toEqual([true, false]);
  for (let i = 1; i < REFRESHES_MAX; i += 1) expect(ladder.beginRefresh(`${i}`)).toBe(true);
  expect(ladder.beginRefresh('one too many')).toBe(false);
  ladder.endRefresh('a');
  expect(ladder.beginRefresh('a')).toBe(true);
});

test('a file is not written for every answer, but at once after a purge', () => {
  const { ladder } = ladderOf({ store: 'sqlite', path: ':memory:' });
  const bodyNow = () => ladder.find('http://x/0', headersOf())?.body.toString();
  ladder.keep('http://x/0', copyWith());
  ladder.keep('http://x/0', copyWith({ body: Buffer.from('later') }));
  expect(bodyNow()).toBe('body');
  ladder.forget({ prefix: '' });
  ladder.keep('http://x/0', copyWith({ body: Buffer.from('later') }));
  expect(bodyNow()).toBe('later');
});

test('what is not whole yet has a bound too', () => {
  const { ladder } = ladderOf({});
  expect([ladder.passing.take(PASSING_BYTES_MAX), ladder.passing.take(1)]).toEqual([true, false]);
  ladder.passing.give(1);
  expect(ladder.passing.take(1)).toBe(true);
});

test('copies outlive a reload that leaves their limits alone', async () => {
  const { ladder } = ladderOf({});
  ladder.keep('http://x/0', copyWith());
  const { ladder: next } = ladderOf({ staleMs: 5 }, 1, ladder);
  await ladder.close();
  expect(kept(next)).toHaveLength(1);
  expect(kept(ladderOf({ entries: 5 }, 1, next).ladder)).toHaveLength(0);
});

test('one that is replaced stays until its last request has left', async () => {
  const { ladder } = ladderOf({});
  ladder.enter();
  ladder.keep('http://x/0', copyWith());
  let retired = false;
  const done = ladder.retire().then(() => {
    retired = true;
  });
  await Promise.resolve();
  expect([retired, kept(ladder).length]).toEqual([false, 1]);
  ladder.leave();
  await done;
  expect(kept(ladder)).toHaveLength(0);
});

test('what is on its way has one bound over the ladders of a thread', () => {
  const passing = new ByteBudget(10);
  const deps = { threads: 1, wallMs: () => 0, storeFailed: () => {}, passing };
  const policy = { primaryMs: 100, waitMs: 0, cache: POLICY, fallbacks: [] };
  const [one, other] = [new ServiceLadder(policy, deps), new ServiceLadder(policy, deps)];
  expect([one.passing.take(8), other.passing.take(8), other.passing.take(2)]).toEqual([true, false, true]);
});

test('a body that is larger than the share of a thread is not promised to be kept', () => {
  expect(ladderOf({ bytes: 9000, entryBytes: 5000 }, 3).ladder.cache.entryBytes).toBe(3000);
});
