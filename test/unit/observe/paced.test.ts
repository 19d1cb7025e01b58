import { expect, test } from 'vitest';
import { PACE, Paced, REST_MAX_MS } from '../../../src/observe/paced.ts';

/** Work that takes so long by a clock that only it and rests move. */
function staged(tookMs: number) {
  const state = { nowMs: 0, done: 0, rests: [] as number[] };
  const paced = new Paced<string, string>({
    work: async (kind) => {
      state.nowMs += tookMs;
      state.done += 1;
      if (kind === 'bad') throw new Error('bad');
      return `${kind} ${state.done}`;
    },
    nowMs: () => state.nowMs,
    sleep: async (ms) => {
      state.rests.push(ms);
      state.nowMs += ms;
    },
  });
  return { state, paced };
}

test('who asks seldom does not wait; who asks at once waits until a twentieth of the time is used', async () => {
  const { state, paced } = staged(10);
  await paced.ask('a');
  await paced.ask('a');
  expect(state.rests).toEqual([10 * (PACE - 1)]);
  state.nowMs += 1000;
  await paced.ask('a');
  expect(state.rests).toHaveLength(1);
});

test('all who ask before it begins get one result; who asks while it is under way gets the next', async () => {
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  let done = 0;
  const paced = new Paced<string, number>({
    work: async () => {
      done += 1;
      const round = done;
      begun.resolve();
      await end.promise;
      return round;
    },
    nowMs: () => 0,
    sleep: async () => {},
  });
  const early = [paced.ask('a'), paced.ask('a')];
  await begun.promise;
  const late = [paced.ask('a'), paced.ask('a')];
  end.resolve();
  expect(await Promise.all(early)).toEqual([1, 1]);
  expect(await Promise.all(late)).toEqual([2, 2]);
});

test('one that took very long, or failed, does not keep others waiting for long', async () => {
  const { state, paced } = staged(5000);
  await expect(paced.ask('bad')).rejects.toThrow('bad');
  expect(await paced.ask('a')).toBe('a 2');
  expect(state.rests).toEqual([REST_MAX_MS]);
});

test('different questions share the time and not the answer', async () => {
  const { state, paced } = staged(10);
  expect(await paced.ask('a')).toBe('a 1');
  expect(await paced.ask('b')).toBe('b 2');
  expect(state.rests).toEqual([190]);
});
