import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { FINE_MS, LoopDelay, QUIET_MS } from '../../../src/table/loop-delay.ts';

/** Holds the loop up. */
function block(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

function turns(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function opened(): LoopDelay {
  const delay = new LoopDelay();
  onTestFinished(() => delay.close());
  return delay;
}

test('a thread without work looks rarely, one that has work closely, and rarely again when that ends', async () => {
  const delay = opened();
  await turns(500);
  delay.read();
  block(200);
  await turns(10);
  delay.read();
  expect(delay.everyMs).toBe(FINE_MS);
  await expect
    .poll(
      () => {
        delay.read();
        return delay.everyMs;
      },
      { timeout: 20_000, interval: 1000 },
    )
    .toBe(QUIET_MS);
});

test('what a thread did before it is looked at for the first time was its start', async () => {
  const delay = opened();
  block(300);
  await turns(10);
  delay.read();
  expect(delay.everyMs).toBe(QUIET_MS);
});

test('a loop that was held up is late by that much, and nothing of it is left after it was read', async () => {
  const delay = opened();
  delay.read();
  block(300);
  await turns(10);
  delay.read();
  await turns(50);
  block(400);
  await turns(20);
  const { maxMs, p50Ms, p99Ms } = delay.read();
  expect(maxMs).toBeGreaterThan(300);
  expect(p99Ms).toBeGreaterThan(300);
  expect(p50Ms).toBeLessThan(300);
  expect(delay.read().maxMs).toBeLessThan(300);
});

test.runIf(QUIET_MS === 0)(
  'one long turn of a quiet second is seen, and is not what half of those who come meet',
  async () => {
    const delay = opened();
    delay.read();
    await turns(700);
    block(100);
    await turns(10);
    const { maxMs, p50Ms, p99Ms } = delay.read();
    expect(maxMs).toBeGreaterThanOrEqual(100);
    expect(p99Ms).toBeGreaterThanOrEqual(100);
    expect(p50Ms).toBe(0);
  },
);

test.runIf(QUIET_MS === 0)('a quiet thread is not woken by being looked at', async () => {
  const thread = new Worker(new URL('../../support/loop-delay-thread.ts', import.meta.url));
  try {
    const [turnsTaken] = (await once(thread, 'message')) as [number];
    // Its own timer, and what a start leaves behind. Looks every 250 ms would be six more.
    expect(turnsTaken).toBeLessThan(5);
  } finally {
    await thread.terminate();
  }
});

test('before it has seen anything, nothing is late', () => {
  expect(opened().read()).toEqual({ maxMs: 0, p50Ms: 0, p90Ms: 0, p99Ms: 0 });
});
