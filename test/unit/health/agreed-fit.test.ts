import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agreedFit, LOAD_UNWAITED, LOAD_WAITED, WAITED_MAX, waitsSaid } from '../../../src/health/agreed-fit.ts';

/** An endpoint of nine servers that nobody else sends to, looked at once in the time in which half of what is known of it is new. */
const NINE = { capacity: 18, others: 0, seconds: 1, memorySeconds: 1 };
const SAID = waitsSaid(NINE.capacity);
/** As a power, what one look moves. */
const POWER = 0.15;

test.each([
  ['nobody waits where little is: nothing is learned', 0.2, 0, 1],
  ['nobody waits where the load says so: both agree', LOAD_UNWAITED, 0, 1],
  ['nobody waits where the load says they should: the capacity is more', 2 * LOAD_UNWAITED, 0, 2 ** POWER],
  ['they wait as the load says', LOAD_WAITED, SAID, 1],
  ['they wait, and the load says they should not: the capacity is less', LOAD_WAITED / 2, SAID, 0.5 ** POWER],
  ['they wait half as long, of which half is believed', 0.275, SAID / 2, 0.5 ** (POWER / 2)],
  ['however long they wait, it is taken for no longer than the most', loadAt(WAITED_MAX), 100, 1],
  ['nobody is sent there any more', 3.1, 1, 1],
  ['nothing is there', 0, 1, 1],
])('%s', (_, used, waits, fit) => {
  expect(agreedFit(1, { ...NINE, used, waits })).toBeCloseTo(fit, 9);
});

test.each([
  [18, 0.25],
  [72, 0.125],
  [7200, 0.015],
  [8, 0.375],
  [1, 0.5],
])('built for %d requests, they wait for %d times of service where one more costs as much', (capacity, waits) => {
  expect(waitsSaid(capacity)).toBeCloseTo(waits, 9);
});

test.each([
  ['a quarter of a second moves a fourth root of it', { seconds: 0.25 }, POWER / 4],
  ['what is remembered for twice as long is followed half as fast', { memorySeconds: 2 }, POWER / 2],
  ['and counts of other edges that are old more slowly still', { others: 1 }, POWER / 3.5],
])('%s', (_, look, power) => {
  expect(agreedFit(1, { ...NINE, used: 2 * LOAD_UNWAITED, waits: 0, ...look })).toBeCloseTo(2 ** power, 9);
});

test('it moves towards what waiting says and not past it, however large the step', () => {
  const amount = fc.double({ min: 0.01, max: 3, noNaN: true });
  fc.assert(
    fc.property(amount, amount, (load, waits) => {
      const says = loadAt(Math.min(WAITED_MAX, waits / SAID));
      let fit = 1;
      for (let look = 0; look < 20; look += 1) {
        const next = agreedFit(fit, { ...NINE, used: load / fit, waits });
        expect(Math.abs(Math.log(load / next / says))).toBeLessThanOrEqual(
          Math.abs(Math.log(load / fit / says)) + 1e-9,
        );
        fit = next;
      }
    }),
  );
});

/** What the load is to be where requests wait for so many times `SAID`. */
function loadAt(waited: number): number {
  return LOAD_UNWAITED + (LOAD_WAITED - LOAD_UNWAITED) * waited;
}
