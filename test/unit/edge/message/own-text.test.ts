import { expect, test } from 'vitest';
import { ownText } from '../../../../src/edge/message/own-text.ts';

test('a copy of a text is the same text, whatever its bytes are', () => {
  const all = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('');
  expect(ownText(all.slice(3))).toBe(all.slice(3));
  expect(ownText('')).toBe('');
});
