import { expect, test } from 'vitest';
import { QuietTime } from '../../../src/health/quiet-time.ts';

const USUAL = { usualMs: 30, errorMs: 1 };

function saw(quiet: QuietTime, load: number, ms: number, seconds: number): void {
  for (let at = 0; at < seconds; at += 1) quiet.saw(load, { ...USUAL, ms }, 1);
}

test('with much of what it ever has, an endpoint shows nothing of when it is idle', () => {
  const quiet = new QuietTime();
  saw(quiet, 1, 60, 10);
  saw(quiet, 0.31, 60, 1);
  expect(quiet.ms).toBeNaN();
});

test('with little, that it needs longer is believed slowly, and that it does not at once', () => {
  const quiet = new QuietTime();
  saw(quiet, 1, 30, 1);
  saw(quiet, 0.1, 59, 1);
  expect(quiet.ms).toBeCloseTo(30 + 30 / 60, 1);
  saw(quiet, 0.1, 59, 59);
  expect(quiet.ms).toBeCloseTo(60 - 30 / Math.E, 0);
  saw(quiet, 0.1, 40, 1);
  expect(quiet.ms).toBe(41);
});

test('the most that it has had is forgotten, so that a service which has become smaller is known too', () => {
  const quiet = new QuietTime();
  saw(quiet, 1, 30, 1);
  saw(quiet, 0.1, 30, 700);
  const before = quiet.ms;
  saw(quiet, 0.1, 20, 1);
  expect(quiet.ms).toBe(before);
});
