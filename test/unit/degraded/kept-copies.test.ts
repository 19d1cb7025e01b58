import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { CachePolicy } from '../../../src/config/topology-degraded.ts';
import { KeptCopies, REPORT_AGAIN_MS, RETRY_MS } from '../../../src/degraded/kept-copies.ts';
import { temporaryFolder } from '../../support/process.ts';
import { copyWith, headersOf, POLICY } from './copies.ts';

const URL_A = 'http://x/a';

function stage(cache: Partial<CachePolicy>) {
  const now = { ms: 0 };
  const failures: string[] = [];
  const deps = { threads: 1, wallMs: () => now.ms, storeFailed: (error: string) => failures.push(error) };
  const copies = new KeptCopies({ ...POLICY, ...cache }, deps);
  onTestFinished(() => copies.close());
  return { copies, now, failures, body: () => copies.find(URL_A, headersOf())?.body.toString() };
}

const inFolder = () => join(temporaryFolder().path, 'none', 'x.sqlite');

/** Another connection that holds the file's write lock until the function that is returned is called. */
function locked(path: string): () => void {
  const db = new DatabaseSync(path);
  db.exec('BEGIN IMMEDIATE');
  return () => {
    db.exec('COMMIT');
    db.close();
  };
}

test('a store that could not be opened is tried again, later and later, and reported as long as it lasts', () => {
  const path = inFolder();
  const { copies, now, failures, body } = stage({ store: 'sqlite', path });
  expect([copies.takesCopies, copies.keep(URL_A, copyWith(), copies.mark)]).toEqual([false, false]);
  expect(failures).toEqual([expect.stringMatching(/unable to open/)]);
  mkdirSync(join(path, '..'));
  now.ms = RETRY_MS - 1;
  expect(copies.takesCopies).toBe(false);
  now.ms = RETRY_MS;
  expect(copies.takesCopies).toBe(true);
  expect([copies.keep(URL_A, copyWith(), copies.mark), body()]).toEqual([true, 'body']);
});

test('a failure that lasts is reported once a minute', () => {
  const { copies, now, failures } = stage({ store: 'sqlite', path: inFolder() });
  for (let ms = 0; ms <= 2 * REPORT_AGAIN_MS; ms += RETRY_MS) {
    now.ms = ms;
    copies.find(URL_A, headersOf());
  }
  expect(failures.length).toBeGreaterThanOrEqual(2);
  expect(failures.length).toBeLessThanOrEqual(3);
});

test('while a file does not take copies, none is promised, and after that it goes on', () => {
  const path = join(temporaryFolder().path, 'x.sqlite');
  const { copies, now, body } = stage({ store: 'sqlite', path });
  const unlock = locked(path);
  expect([copies.takesCopies, copies.keep(URL_A, copyWith(), copies.mark), copies.takesCopies]).toEqual([
    true,
    false,
    false,
  ]);
  unlock();
  now.ms = RETRY_MS;
  expect([copies.takesCopies, copies.keep(URL_A, copyWith(), copies.mark), body()]).toEqual([true, true, 'body']);
});

test('what a locked file still has is not served once it is to be forgotten, and goes when the lock does', async () => {
  const path = join(temporaryFolder().path, 'x.sqlite');
  const { copies, body, failures } = stage({ store: 'sqlite', path });
  copies.keep(URL_A, copyWith(), copies.mark);
  const unlock = locked(path);
  expect(copies.forget({ url: URL_A })).toMatch(/locked/);
  expect([body(), copies.staleAtMs(URL_A), failures.length]).toEqual([undefined, undefined, 1]);
  unlock();
  const other = new DatabaseSync(path, { readOnly: true });
  onTestFinished(() => other.close());
  await vi.waitFor(() => expect(other.prepare('SELECT COUNT(*) AS n FROM copies_v2').get()).toEqual({ n: 0 }));
  expect(copies.settle()).toBeUndefined();
});

test('however long a file was locked, what was to be forgotten is gone a second after that', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const path = join(temporaryFolder().path, 'x.sqlite');
  const { copies } = stage({ store: 'sqlite', path });
  copies.keep(URL_A, copyWith(), copies.mark);
  const unlock = locked(path);
  copies.forget({ url: URL_A });
  vi.advanceTimersByTime(10_000);
  unlock();
  vi.advanceTimersByTime(1000);
  const another = stage({ store: 'sqlite', path });
  expect(another.body()).toBeUndefined();
});

test('what is in a file that could not be opened is forgotten before it is served', () => {
  const path = join(temporaryFolder().path, 'x.sqlite');
  const before = stage({ store: 'sqlite', path });
  before.copies.keep(URL_A, copyWith(), before.copies.mark);
  before.copies.close();
  const unlock = locked(path);
  const { copies, now, body } = stage({ store: 'sqlite', path });
  expect(copies.forget({ prefix: 'http://x/' })).toMatch(/locked/);
  unlock();
  now.ms = RETRY_MS;
  expect([body(), copies.settle(), body()]).toEqual([undefined, undefined, undefined]);
});

test('an answer that was asked for before an order is not kept after it', () => {
  const { copies, body } = stage({});
  const { mark } = copies;
  copies.forget({ url: URL_A });
  expect([copies.keep(URL_A, copyWith(), mark), body()]).toEqual([false, undefined]);
  expect(copies.keep('http://x/b', copyWith(), mark)).toBe(true);
  expect([copies.keep(URL_A, copyWith(), copies.mark), body()]).toEqual([true, 'body']);
});

test('it is closed with the last that uses it', () => {
  const { copies, body } = stage({});
  copies.keep(URL_A, copyWith(), copies.mark);
  copies.share().close();
  expect(body()).toBe('body');
  copies.close();
  expect([body(), copies.takesCopies]).toEqual([undefined, false]);
});
