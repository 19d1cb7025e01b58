import { expect, test } from 'vitest';
import type { Kind } from '../../../src/config/kind.ts';
import { decimal, either, flag, integer, listOf, matching, oneOf, secret, text } from '../../../src/config/scalars.ts';

const read = (kind: Kind<unknown>, value: unknown) => {
  const result = kind.read(value);
  return result.ok
    ? { value: result.value }
    : result.faults.map(({ path, message }) => `${path.join('.')} ${message}`.trim());
};

test.each<[Kind<unknown>, unknown]>([
  [text('a path'), '/etc/x'],
  [secret('a text'), ''],
  [secret('a text'), 's3cret/+='],
  [matching('a name', /^[a-z]+$/), 'shop'],
  [integer(1, 10), 1],
  [integer(1, 10), 10],
  [decimal(0, 1), 0.5],
  [flag, true],
  [flag, false],
  [oneOf(['best', 'weighted']), 'best'],
  [either(oneOf(['auto']), integer(1, 4)), 'auto'],
  [either(oneOf(['auto']), integer(1, 4)), 4],
])('%# is taken', (kind, value) => {
  expect(read(kind, value)).toEqual({ value });
});

test.each<[Kind<unknown>, unknown, string]>([
  [text('a path'), '', 'must be a path; it is ""'],
  [text('a path'), 5, 'must be a path; it is the number 5; put it in quotes'],
  [text('a path'), 'x'.repeat(4097), 'must be at most 4096 characters long'],
  [matching('a name', /^[a-z]+$/), 7, 'must be a name; it is the number 7; put it in quotes'],
  [integer(1, 10), 0, 'must be a whole number from 1 to 10; it is the number 0'],
  [integer(1, 10), 1.5, 'must be a whole number from 1 to 10; it is the number 1.5'],
  [integer(1, 10), '5', 'must be a whole number from 1 to 10; it is "5"; write it without quotes'],
  [integer(1, 10), Number.NaN, 'must be a whole number from 1 to 10; it is the number NaN'],
  [decimal(0, 1), 1.01, 'must be a number from 0 to 1; it is the number 1.01'],
  [decimal(0, 1), '0.5', 'must be a number from 0 to 1; it is "0.5"; write it without quotes'],
  [flag, 'yes', 'must be true or false; it is "yes"; did you mean true?'],
  [flag, 'off', 'must be true or false; it is "off"; did you mean false?'],
  [flag, 1, 'must be true or false; it is the number 1'],
  [oneOf(['best', 'weighted']), 'wieghted', 'must be best or weighted; it is "wieghted"; did you mean "weighted"?'],
  [oneOf(['aws', 'gcp'], { google: 'gcp' }), 'Google', 'must be aws or gcp; it is "Google"; did you mean "gcp"?'],
  [oneOf(['aws', 'gcp'], { google: 'gcp' }), 'constructor', 'must be aws or gcp; it is "constructor"'],
  [either(oneOf(['auto']), integer(1, 4)), 5, 'must be auto, or a whole number from 1 to 4; it is the number 5'],
])('%# is refused with the way out', (kind, value, message) => {
  expect(read(kind, value)).toEqual([message]);
});

test('a secret is never shown', () => {
  for (const value of ['two words', 1234567, ['hunter2'], 'x'.repeat(5000)]) {
    const shown = JSON.stringify(read(secret('a text'), value));
    expect(shown).not.toMatch(/two words|1234567|hunter2|xxx/);
    expect(shown).toMatch(/must|may/);
  }
});

test('every item of a list has its own place', () => {
  const list = listOf(integer(1, 5), 1, 4);
  expect(read(list, [1, 2])).toEqual({ value: [1, 2] });
  expect(read(list, [1, 9, 1, 'x'])).toEqual([
    '1 must be a whole number from 1 to 5; it is the number 9',
    '2 repeats the number 1; remove one of them',
    '3 must be a whole number from 1 to 5; it is "x"',
  ]);
  expect(read(list, [])).toEqual(['must have at least 1; it has 0']);
  expect(read(list, [1, 2, 3, 4, 5])).toEqual(['may have at most 4; it has 5']);
  expect(read(list, 3)).toEqual([
    'must be a list of at most 4, each a whole number from 1 to 5; it is the number 3; write [3]',
  ]);
});

test('a list that may also be a word says which of its items is wrong', () => {
  const kind = either(oneOf(['score']), listOf(oneOf(['aws', 'gcp']), 1, 2));
  expect(read(kind, ['aws', 'gpc'])).toEqual(['1 must be aws or gcp; it is "gpc"; did you mean "gcp"?']);
});
