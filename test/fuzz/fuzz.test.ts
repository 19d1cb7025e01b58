import { describe, expect, test } from 'vitest';
import { ENGINES } from '../contract/engines.ts';
import { answerSide } from './answer-side.ts';
import { campaign } from './campaign.ts';
import { h2Answers } from './h2-answers.ts';
import { h2Campaign } from './h2-side.ts';
import { requestSide } from './request-side.ts';

/** A little of what `npm run fuzz` does at length, with seeds of its own: here it is always the same, there it is always new. */
const SEEDS = [
  [1, 1500],
  [2, 500],
] as const;

describe.each(ENGINES)('accelerator %s', (engine) => {
  test.each(SEEDS)(
    'requests arrive as they were meant or not at all: seed %d, %d cases',
    async (seed, cases) => {
      const { failures, requests } = await campaign(requestSide(engine), { engine, seed, from: 0, cases });
      expect(failures).toEqual([]);
      expect(requests).toBeGreaterThan(cases);
    },
    120_000,
  );

  test('frames of HTTP/2 arrive as node:http2 reads them or not at all: seed 1, 400 cases', async () => {
    const { failures, requests } = await h2Campaign({ engine, seed: 1, from: 0, cases: 400 });
    expect(failures).toEqual([]);
    expect(requests).toBeGreaterThan(400);
  }, 120_000);

  test('answers in frames of HTTP/2 arrive as node:http2 reads them or visibly not: seed 1, 300 cases', async () => {
    const { failures, requests } = await h2Answers({ engine, seed: 1, from: 0, cases: 300 });
    expect(failures).toEqual([]);
    expect(requests).toBeGreaterThan(300);
  }, 120_000);

  test.each(SEEDS)(
    'answers arrive as they were sent or visibly not: seed %d, %d cases',
    async (seed, cases) => {
      const { failures, requests } = await campaign(answerSide(engine), { engine, seed, from: 0, cases });
      expect(failures).toEqual([]);
      expect(requests).toBeGreaterThan(cases);
    },
    120_000,
  );
});
