import { expect, test } from 'vitest';
import * as codes from '../../../../src/edge/frames/error-code.ts';

test('each code has the name that RFC 9113 gives it', () => {
  const named = Object.entries(codes).filter(([, code]) => typeof code === 'number');
  expect(named).toHaveLength(12);
  for (const [name, code] of named) expect(codes.errorName(code as number)).toBe(name);
  expect(codes.errorName(0x1f)).toBe('error 0x1f');
  expect([codes.INTERNAL_ERROR, codes.SETTINGS_TIMEOUT, codes.CANCEL, codes.HTTP_1_1_REQUIRED]).toEqual([2, 4, 8, 13]);
});
