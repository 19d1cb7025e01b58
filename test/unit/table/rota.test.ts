import { expect, test } from 'vitest';
import { FAILED_AGAIN_MS, Rota } from '../../../src/table/rota.ts';

/** A rota whose jobs end when told, are due again 100 ms later, and note when they began. */
function bench(inFlightMax: number) {
  const clock = { ms: 0, nowMs: () => clock.ms };
  const began: string[] = [];
  const open = new Map<string, () => void>();
  const errors: unknown[] = [];
  const run = (job: string): Promise<number> => {
    began.push(job);
    if (job === 'fails') return Promise.reject(new Error('a mistake'));
    const { promise, resolve } = Promise.withResolvers<number>();
    open.set(job, () => resolve(clock.ms + 100));
    return promise;
  };
  const rota = new Rota<string>({ inFlightMax, clock, run, onError: (error) => errors.push(error) });
  const end = async (job: string): Promise<void> => {
    open.get(job)?.();
    for (let i = 0; i < 4; i += 1) await Promise.resolve();
  };
  return { clock, began, rota, end, errors };
}

test('only what is due is started, longest due first', () => {
  const { clock, began, rota } = bench(10);
  rota.add('late', 30);
  rota.add('early', 10);
  rota.add('later', 31);
  clock.ms = 30;
  rota.launch();
  expect(began).toEqual(['early', 'late']);
});

test('a job that runs is not started again, however often it is asked for', async () => {
  const { clock, began, rota, end } = bench(10);
  rota.add('a', 0);
  rota.launch();
  clock.ms = 1000;
  rota.launch();
  rota.launch();
  expect(began).toEqual(['a']);
  await end('a');
  rota.launch();
  expect(began).toEqual(['a']);
  clock.ms = 1100;
  rota.launch();
  expect(began).toEqual(['a', 'a']);
});

test('no more run than there are places; one that ends makes room for the next, one that hangs does not block', async () => {
  const { began, rota, end } = bench(2);
  for (const job of ['hangs', 'a', 'b', 'c']) rota.add(job, 0);
  rota.launch();
  expect(began).toEqual(['hangs', 'a']);
  expect(rota.inFlight).toBe(2);
  await end('a');
  await end('b');
  await end('c');
  expect(began).toEqual(['hangs', 'a', 'b', 'c']);
  expect(rota.inFlight).toBe(1);
});

test('what was removed while it waited is not started; removed while it ran, it does not come again', async () => {
  const { clock, began, rota, end } = bench(1);
  for (const job of ['a', 'b', 'c']) rota.add(job, 0);
  rota.launch();
  rota.remove('b');
  rota.remove('a');
  await end('a');
  expect(began).toEqual(['a', 'c']);
  await end('c');
  clock.ms = 1000;
  rota.launch();
  expect(began).toEqual(['a', 'c', 'c']);
});

test('it says how long until the next job is due, and not more than asked', () => {
  const { clock, rota } = bench(10);
  expect(rota.untilDueMs(250)).toBe(250);
  rota.add('a', 90);
  expect(rota.untilDueMs(250)).toBe(90);
  clock.ms = 200;
  expect(rota.untilDueMs(250)).toBe(0);
});

test('a job that rejects is told of, gives its place back, and comes again after a while', async () => {
  const { clock, began, rota, end, errors } = bench(1);
  rota.add('fails', 0);
  rota.add('a', 0);
  rota.launch();
  await end('nobody');
  expect([began, errors]).toEqual([['fails', 'a'], [new Error('a mistake')]]);
  await end('a');
  rota.remove('a');
  clock.ms = FAILED_AGAIN_MS - 1;
  rota.launch();
  expect(began).toHaveLength(2);
  clock.ms = FAILED_AGAIN_MS;
  rota.launch();
  expect(began).toEqual(['fails', 'a', 'fails']);
});
