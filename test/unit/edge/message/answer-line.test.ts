import { expect, test } from 'vitest';
import { reasonOf } from '../../../../src/edge/message/answer-line.ts';

test.each([
  ['the usual phrase', 200, 'OK', 'OK'],
  ['its last part, which is all that is left of it when it came in pieces', 404, 'ound', 'Not Found'],
  ['none', 404, '', 'Not Found'],
  ['one that nobody said', 404, undefined, 'Not Found'],
  ['none for a status that has none', 799, '', ''],
  ['one of its own', 200, 'Fine', 'Fine'],
  ['UTF-8, byte for byte', 200, 'Schön', 'Sch\xc3\xb6n'],
  ['what has control characters', 200, 'O\x01K', ''],
  ['what was no UTF-8', 200, 'Sch\ufffdn', ''],
])('%s', (_, status, said, reason) => {
  expect(reasonOf(status, said)).toBe(reason);
});
