import { expect, test } from 'vitest';
import { isBlank } from '../../../../src/edge/message/blank.ts';

test('of all characters a space and a tab are blank', () => {
  expect(Array.from({ length: 256 }, (_, code) => code).filter(isBlank)).toEqual([0x09, 0x20]);
});
