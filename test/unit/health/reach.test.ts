import fc from 'fast-check';
import { expect, test } from 'vitest';
import { afterCheck, isContested, type Reach, UNKNOWN } from '../../../src/health/reach.ts';

const TWO = { rise: 2, fall: 2 };

/** The states after each of a row of checks: `+` good, `-` failed. */
function states(checks: string, policy = TWO): string {
  let reach: Reach = UNKNOWN;
  return checks
    .split('')
    .map((check) => {
      reach = afterCheck(reach, check === '+', policy);
      return reach.state === 'up' ? 'u' : 'd';
    })
    .join('');
}

test.each([
  ['+', 'u', TWO],
  ['-', 'd', TWO],
  ['+-+-+-', 'uuuuuu', TWO],
  ['+--', 'uud', TWO],
  ['-+-+-+', 'dddddd', TWO],
  ['-++', 'ddu', TWO],
  ['+-', 'ud', { rise: 1, fall: 1 }],
  ['+---', 'uuud', { rise: 1, fall: 3 }],
  ['-+', 'du', { rise: 1, fall: 3 }],
])('%s gives %s', (checks, expected, policy) => {
  expect(states(checks, policy)).toBe(expected);
});

test('from known on, the state changes exactly after rise or fall contrary checks in a row', () => {
  const policy = fc.record({ rise: fc.integer({ min: 1, max: 5 }), fall: fc.integer({ min: 1, max: 5 }) });
  fc.assert(
    fc.property(policy, fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }), (policy, checks) => {
      const [first, ...rest] = checks;
      let reach = afterCheck(UNKNOWN, first as boolean, policy);
      let up = first as boolean;
      let contrary = 0;
      for (const good of rest) {
        contrary = good === up ? 0 : contrary + 1;
        if (contrary === (up ? policy.fall : policy.rise)) [up, contrary] = [!up, 0];
        reach = afterCheck(reach, good, policy);
        expect(reach.state).toBe(up ? 'up' : 'down');
        expect(isContested(reach)).toBe(contrary > 0);
      }
    }),
  );
});

test('a reload that lowers the limit counts what has been failed so far', () => {
  expect(afterCheck({ state: 'up', failures: 4 }, false, TWO).state).toBe('down');
});
