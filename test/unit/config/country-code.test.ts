import { expect, test } from 'vitest';
import { countryCode } from '../../../src/config/country-code.ts';

test.each(['CH', 'GB', 'NO', 'US', 'XK'])('%s is a country', (code) => {
  expect(countryCode.read(code)).toEqual({ ok: true, value: code });
});

test.each([
  ['UK', 'did you mean GB?'],
  ['ch', 'did you mean CH?'],
  ['EU', 'must be the code of a country'],
  ['QQ', 'must be the code of a country'],
  ['Switzerland', 'must be the code of a country'],
  [false, 'put NO in quotes'],
  [1, 'it is the number 1'],
])('%j is none', (code, message) => {
  const read = countryCode.read(code);
  expect(read.ok ? '' : read.faults[0]?.message).toContain(message);
});
