import { expect, test } from 'vitest';
import { keyProblem, ordered, USER_VALUE_BYTES_MAX, valueProblem } from '../../../../src/fleet/values/value-order.ts';
import { readValue, type ValueRecord } from '../../../../src/fleet/values/value-record.ts';

test.each(['flags/beta-on', 'x', 'a/b/c', 'user:42/limits@eu', 'A.b_c~d', 'x'.repeat(200)])('%s is a key', (key) => {
  expect(keyProblem(key)).toBeUndefined();
});

test.each(['', '/x', 'x/', 'a//b', '.hidden', 'a b', 'a\nb', 'é', '../x', 'x'.repeat(201), 'a?b', 'a%2fb'])(
  '%j is none',
  (key) => {
    expect(keyProblem(key)).toMatch(/is no key|at most 200/);
  },
);

test.each([
  ['newest', null, undefined],
  ['newest', 'x'.repeat(USER_VALUE_BYTES_MAX - 2), undefined],
  ['newest', 'x'.repeat(USER_VALUE_BYTES_MAX), /bytes; at most/],
  ['counter', 3, undefined],
  ['counter', { add: -3 }, undefined],
  ['counter', { add: '3' }, /a counter takes/],
  ['counter', true, /a counter takes/],
  ['union', [1], undefined],
  ['union', 1, /a set takes a list/],
  ['lowest', 1, undefined],
  ['highest', '1', /the highest is kept is a number/],
] as const)('%s takes %j: %s', (merge, value, problem) => {
  const found = valueProblem(value, merge);
  if (problem === undefined) expect(found).toBeUndefined();
  else expect(found).toMatch(problem);
});

test('a counter keeps what each life has added; a number sets the sum', () => {
  const count = (value: unknown, before: ValueRecord | undefined, life: string) =>
    readValue({ value: ordered(value, { merge: 'counter', before, actor: 'x', life }) });
  const one = count({ add: 3 }, undefined, 'a');
  const two = count({ add: 4 }, one, 'b');
  expect(two).toMatchObject({ value: 7, counts: { a: [3, 0], b: [4, 0] } });
  expect(count({ add: -5 }, two, 'a')).toMatchObject({ value: 2, counts: { a: [3, 5], b: [4, 0] } });
  expect(count(10, two, 'c')).toMatchObject({ value: 10, counts: { c: [3, 0] } });
  expect(count(undefined, two, 'c')).toMatchObject({ value: undefined, counts: undefined });
});

test('a set has each element once', () => {
  const value = [{ b: 1, a: 2 }, 'x', { a: 2, b: 1 }, 'x'];
  expect(ordered(value, { merge: 'union', before: undefined, actor: 'p', life: 'l' })).toEqual({
    v: ['x', { a: 2, b: 1 }],
    a: 'p',
  });
});
