import { expect, test } from 'vitest';
import { lateProbers } from '../../../src/compose/late-probers.ts';
import type { CheckResult, CheckTarget, Prober } from '../../../src/health/check.ts';

const TARGET = { timeoutMs: 100 } as CheckTarget;
const GOOD: CheckResult = { reachable: true, latencyMs: 1, connectMs: 1, status: 200, error: undefined };

function stage() {
  const seen = { loads: 0, opened: 0, closed: 0 };
  const asked: (boolean | undefined)[] = [];
  const prober: Prober = {
    check: async (_, anew) => {
      asked.push(anew);
      return GOOD;
    },
    close: () => void (seen.closed += 1),
  };
  const open = () => {
    seen.opened += 1;
    return prober;
  };
  const late = lateProbers(async () => {
    seen.loads += 1;
    return open;
  });
  return { seen, asked, late };
}

test('the library is loaded once, at the first check of any prober', async () => {
  const { seen, late } = stage();
  const [a, b] = [late(TARGET), late(TARGET)];
  expect(seen).toEqual({ loads: 0, opened: 0, closed: 0 });
  expect(await Promise.all([a.check([]), b.check([])])).toEqual([GOOD, GOOD]);
  expect(await a.check([])).toEqual(GOOD);
  expect(seen).toEqual({ loads: 1, opened: 2, closed: 0 });
  a.close();
  expect(seen.closed).toBe(1);
});

test('one that is closed before or while it loads opens nothing', async () => {
  const { seen, late } = stage();
  const prober = late(TARGET);
  const checked = prober.check([]);
  prober.close();
  expect(await checked).toMatchObject({ reachable: false, error: 'closed' });
  expect(seen).toMatchObject({ opened: 0, closed: 0 });
});

test('whether a check is to be made anew is passed on', async () => {
  const { asked, late } = stage();
  const prober = late(TARGET);
  await prober.check([], true);
  await prober.check([]);
  expect(asked).toEqual([true, undefined]);
});
