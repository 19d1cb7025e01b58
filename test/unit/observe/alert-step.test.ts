import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Finding } from '../../../src/observe/alert.ts';
import { ALERTS_MAX, type Alerts, coversOf, step } from '../../../src/observe/alert-step.ts';
import { findingOf } from './finding.ts';

const POLICY = { forMs: () => 0, resolveAfterMs: 60_000 };
type Policy = Parameters<typeof step>[3];

/** Plays looks one after the other: at which second, what is wrong. Returns what was notified: `30 firing a`. */
function played(looks: readonly (readonly [second: number, ...keys: (string | Finding)[]])[], policy: Policy = POLICY) {
  let alerts: Alerts = new Map();
  const notified: string[] = [];
  for (const [second, ...keys] of looks) {
    const findings = keys.map((key) => (typeof key === 'string' ? findingOf(key) : key));
    const next = step(alerts, findings, { nowMs: second * 1000, wallMs: second * 1000 }, policy);
    ({ alerts } = next);
    notified.push(...next.changes.map(({ status, finding }) => `${second} ${status} ${finding.key}`));
  }
  return notified;
}

test('it fires at once, is not repeated, and is resolved when it has been gone for long enough', () => {
  expect(played([[0, 'a'], [30, 'a'], [60, 'a'], [90], [119], [120], [150]])).toEqual(['0 firing a', '120 resolved a']);
});

test('what flaps is notified once', () => {
  expect(played([[0, 'a'], [30], [60, 'a'], [90], [120, 'a'], [150], [210]])).toEqual(['0 firing a', '210 resolved a']);
});

test('`for`: what does not last is not notified', () => {
  const policy = { ...POLICY, forMs: () => 45_000 };
  expect(played([[0, 'a'], [30, 'a'], [60, 'a'], [200]], policy)).toEqual(['60 firing a', '200 resolved a']);
  expect(played([[0, 'a'], [30], [60, 'a'], [90, 'a'], [104]], policy)).toEqual([]);
});

test('what is covered is suppressed, and so is its end', () => {
  const b = findingOf('b', { coveredBy: ['a'] });
  expect(played([[0, 'a', b], [30, 'a', b], [60], [200]])).toEqual(['0 firing a', '200 resolved a']);
});

test('what outlasts its cover is notified then', () => {
  const b = findingOf('b', { coveredBy: ['a'] });
  expect(played([[0, 'a', b], [30, b], [60, b], [90, b], [200]])).toEqual([
    '0 firing a',
    '60 resolved a',
    '60 firing b',
    '200 resolved b',
  ]);
});

test('what was notified before it was covered is resolved when it ends', () => {
  const b = findingOf('b', { coveredBy: ['a'] });
  expect(played([[0, b], [30, 'a', b], [60], [200]])).toEqual([
    '0 firing b',
    '30 firing a',
    '200 resolved a',
    '200 resolved b',
  ]);
});

test('a cover that is still pending covers nothing', () => {
  const a = findingOf('a', { rule: 'cloud_down' });
  const b = findingOf('b', { coveredBy: ['a'] });
  const policy = { ...POLICY, forMs: (rule: string) => (rule === 'cloud_down' ? 60_000 : 0) };
  expect(played([[0, a, b]], policy)).toEqual(['0 firing b']);
});

test('a wall clock that jumps changes dates and nothing else', () => {
  const policy = { ...POLICY, forMs: () => 45_000 };
  const first = step(new Map(), [findingOf('a')], { nowMs: 0, wallMs: 1e12 }, policy);
  const second = step(first.alerts, [findingOf('a')], { nowMs: 30_000, wallMs: 5e12 }, policy);
  expect(second.changes).toEqual([]);
  const third = step(second.alerts, [findingOf('a')], { nowMs: 60_000, wallMs: 5e11 }, policy);
  expect(third.changes).toMatchObject([{ status: 'firing', startsAtMs: 1e12 }]);
});

test('of too many findings the most severe are followed', () => {
  const many = Array.from({ length: ALERTS_MAX }, (_, i) => findingOf(`w${i}`, { severity: 'warning' }));
  const { alerts } = step(new Map(), [...many, findingOf('c')], { nowMs: 0, wallMs: 0 }, POLICY);
  expect(alerts.size).toBe(ALERTS_MAX);
  expect(alerts.has('c')).toBe(true);
});

test('for every alert firing and resolved take turns, whatever happens, and all ends resolved', () => {
  const look = fc.record({ step: fc.integer({ min: 1, max: 90 }), keys: fc.subarray(['a', 'b', 'c', 'd']) });
  const covers: Record<string, string[]> = { b: ['a'], c: ['a', 'b'] };
  fc.assert(
    fc.property(fc.array(look, { maxLength: 30 }), fc.constantFrom(0, 40_000), (looks, forMs) => {
      let second = 0;
      const notified = played(
        [
          ...looks.map(({ step: by, keys }) => {
            second += by;
            return [second, ...keys.map((key) => findingOf(key, { coveredBy: covers[key] ?? [] }))] as const;
          }),
          [second + 60],
        ],
        { forMs: () => forMs, resolveAfterMs: 60_000 },
      );
      for (const key of ['a', 'b', 'c', 'd']) {
        const its = notified.filter((line) => line.endsWith(` ${key}`)).map((line) => line.split(' ')[1]);
        expect(its).toEqual(its.map((_, i) => (i % 2 === 0 ? 'firing' : 'resolved')));
        expect(its.length % 2).toBe(0);
      }
    }),
  );
});

test('what is quiet for a while after its cover is notified only when it lasts longer', () => {
  const b = findingOf('b', { coveredBy: ['a'], quietMs: 120_000 });
  const lasting = (seconds: readonly number[]) => seconds.map((second) => [second, b] as const);
  expect(played([[0, 'a', b], ...lasting([30, 60, 90, 120]), [400]])).toEqual(['0 firing a', '60 resolved a']);
  expect(played([[0, 'a', b], ...lasting([30, 60, 90, 120, 150]), [400]])).toContain('150 firing b');
  expect(played([[0, b]])).toEqual(['0 firing b']);
});

test('what yields to another is suppressed while that one has been notified', () => {
  const fast = findingOf('fast', { yieldsTo: ['slow'] });
  const slow = findingOf('slow', { coveredBy: ['fast'] });
  expect(played([[0, slow], [30, slow, fast], [60, slow], [90], [200]])).toEqual([
    '0 firing slow',
    '200 resolved slow',
  ]);
  expect(played([[0, slow, fast], [30, slow, fast], [90], [200]])).toEqual(['0 firing fast', '90 resolved fast']);
});

test('the covers of an alert are those that fire', () => {
  const b = findingOf('b', { coveredBy: ['a', 'gone'], yieldsTo: ['c'] });
  const { alerts } = step(new Map(), [findingOf('a'), b], { nowMs: 0, wallMs: 0 }, POLICY);
  expect(coversOf(alerts.get('b')!, alerts)).toEqual(['a']);
});
