import { expect, test } from 'vitest';
import { mustBe, right, shown, textKind, wrong } from '../../../src/config/kind.ts';

test.each([
  [undefined, 'is missing; it must be a port'],
  [null, 'is empty; it must be a port, or remove the key'],
  ['x', 'must be a port; it is "x"'],
  [5, 'must be a port; it is the number 5'],
  [true, 'must be a port; it is the boolean true'],
  [[1], 'must be a port; it is a list'],
  [{ a: 1 }, 'must be a port; it is a mapping'],
])('what must be a port and is %j', (value, message) => {
  expect(mustBe('a port', value)).toBe(message);
});

test('a long text is cut, so that a message stays one line', () => {
  expect(shown('x'.repeat(200))).toBe(`"${'x'.repeat(80)}" and more`);
  expect(shown('two\nlines')).toBe('"two\\nlines"');
});

test('a reading is a value or faults', () => {
  expect(right(1)).toEqual({ ok: true, value: 1 });
  expect(wrong('m')).toEqual({ ok: false, faults: [{ path: [], message: 'm' }] });
});

test('a kind of text reads texts by its own rule, and refuses all else', () => {
  const short = textKind('a short text', { maxLength: 3 }, (text) =>
    text.length < 4 ? right(text) : wrong('is long'),
  );
  expect(short.json).toEqual({ type: 'string', maxLength: 3 });
  expect(short.read('abc')).toEqual(right('abc'));
  expect(short.read('abcd')).toEqual(wrong('is long'));
  expect(short.read(1)).toEqual(wrong('must be a short text; it is the number 1'));
});
