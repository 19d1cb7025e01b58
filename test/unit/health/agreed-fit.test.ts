import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agreedFit, LOAD_UNWAITED, LOAD_WAITED, WAITS_SAID } from '../../../src/health/agreed-fit.ts';

test.each([
  ['nobody waits where little is: nothing is learned', 0.2, 0, 1],
  ['nobody waits where the load says so: both agree', LOAD_UNWAITED, 0, 1],
  ['nobody waits where the load says they should: the capacity is more', 2 * LOAD_UNWAITED, 0, 2 ** 0.1],
  ['they wait as the load says', LOAD_WAITED, WAITS_SAID, 1],
  ['they wait, and the load says they should not: the capacity is less', LOAD_WAITED / 2, WAITS_SAID, 0.5 ** 0.1],
  ['they wait half as long, of which half is believed', LOAD_UNWAITED, WAITS_SAID / 2, (2 / 3) ** 0.05],
  ['however long they wait, it is taken for twice as long', 1.2, 100, 1],
  ['nobody is sent there any more', 3.1, 1, 1],
  ['nothing is there', 0, 1, 1],
])('%s', (_, used, waits, fit) => {
  expect(agreedFit(1, used, waits)).toBeCloseTo(fit, 9);
});

test('it moves towards what waiting says and not past it, however large the step', () => {
  const amount = fc.double({ min: 0.01, max: 3, noNaN: true });
  fc.assert(
    fc.property(amount, amount, (load, waits) => {
      const says = LOAD_UNWAITED + (LOAD_WAITED - LOAD_UNWAITED) * Math.min(2, waits / WAITS_SAID);
      let fit = 1;
      for (let look = 0; look < 20; look += 1) {
        const next = agreedFit(fit, load / fit, waits);
        expect(Math.abs(Math.log(load / next / says))).toBeLessThanOrEqual(
          Math.abs(Math.log(load / fit / says)) + 1e-9,
        );
        fit = next;
      }
    }),
  );
});
