import { expect, test } from 'vitest';
import { AgainText } from '../../../src/observe/again-text.ts';

test('a text is kept for the parts that it was made of, and for no others', () => {
  const one = new AgainText();
  expect(one.isFor(undefined, undefined)).toBe(false);
  expect(one.keep('nothing')).toBe('nothing');
  expect(one.isFor(undefined, undefined)).toBe(true);
  expect(one.text()).toBe('nothing');
  for (const parts of [
    ['a', 1],
    ['a', 2],
    ['a', 1, 'b'],
    ['a', 1, 'b', 'c'],
  ] as const) {
    const [first, second, third, fourth] = parts;
    expect(one.isFor(first, second, third, fourth)).toBe(false);
    one.keep(`${parts.join(' ')} \u{1f600} caf\u00e9`);
    for (let times = 0; times < 3; times += 1) {
      expect(one.isFor(first, second, third, fourth)).toBe(true);
      expect(one.text()).toBe(`${parts.join(' ')} \u{1f600} caf\u00e9`);
    }
  }
});
