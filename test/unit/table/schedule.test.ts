import { expect, test } from 'vitest';
import { FAILED_AGAIN_MS, Schedule } from '../../../src/table/schedule.ts';

/** A schedule whose jobs end when told, are due again 100 ms later, and note when they began. */
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
  const schedule = new Schedule<string>({ inFlightMax, clock, run, onError: (error) => errors.push(error) });
  const end = async (job: string): Promise<void> => {
    open.get(job)?.();
    for (let i = 0; i < 4; i += 1) await Promise.resolve();
  };
  return { clock, began, schedule, end, errors };
}

test('only what is due is started, longest due first', () => {
  const { clock, began, schedule } = bench(10);
  schedule.add('late', 30);
  schedule.add('early', 10);
  schedule.add('later', 31);
  clock.ms = 30;
  schedule.launch();
  expect(began).toEqual(['early', 'late']);
});

test('a job that runs is not started again, however often it is asked for', async () => {
  const { clock, began, schedule, end } = bench(10);
  schedule.add('a', 0);
  schedule.launch();
  clock.ms = 1000;
  schedule.launch();
  schedule.launch();
  expect(began).toEqual(['a']);
  await end('a');
  schedule.launch();
  expect(began).toEqual(['a']);
  clock.ms = 1100;
  schedule.launch();
  expect(began).toEqual(['a', 'a']);
});

test('no more run than there are places; one that ends makes room for the next, one that hangs does not block', async () => {
  const { began, schedule, end } = bench(2);
  for (const job of ['hangs', 'a', 'b', 'c']) schedule.add(job, 0);
  schedule.launch();
  expect(began).toEqual(['hangs', 'a']);
  expect(schedule.inFlight).toBe(2);
  await end('a');
  await end('b');
  await end('c');
  expect(began).toEqual(['hangs', 'a', 'b', 'c']);
  expect(schedule.inFlight).toBe(1);
});

test('what was removed while it waited is not started; removed while it ran, it does not come again', async () => {
  const { clock, began, schedule, end } = bench(1);
  for (const job of ['a', 'b', 'c']) schedule.add(job, 0);
  schedule.launch();
  schedule.remove('b');
  schedule.remove('a');
  await end('a');
  expect(began).toEqual(['a', 'c']);
  await end('c');
  clock.ms = 1000;
  schedule.launch();
  expect(began).toEqual(['a', 'c', 'c']);
});

test('it says how long until the next job is due, and not more than asked', () => {
  const { clock, schedule } = bench(10);
  expect(schedule.untilDueMs(250)).toBe(250);
  schedule.add('a', 90);
  expect(schedule.untilDueMs(250)).toBe(90);
  clock.ms = 200;
  expect(schedule.untilDueMs(250)).toBe(0);
});

test('a job that rejects is reported, gives its place back, and comes again after a while', async () => {
  const { clock, began, schedule, end, errors } = bench(1);
  schedule.add('fails', 0);
  schedule.add('a', 0);
  schedule.launch();
  await end('nobody');
  expect([began, errors]).toEqual([['fails', 'a'], [new Error('a mistake')]]);
  await end('a');
  schedule.remove('a');
  clock.ms = FAILED_AGAIN_MS - 1;
  schedule.launch();
  expect(began).toHaveLength(2);
  clock.ms = FAILED_AGAIN_MS;
  schedule.launch();
  expect(began).toEqual(['fails', 'a', 'fails']);
});
