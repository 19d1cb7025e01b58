import fc from 'fast-check';
import { expect, test } from 'vitest';
import { logfmtOf, logfmtText } from '../../../src/observe/logfmt.ts';
import { logfmtFields } from './logfmt-fields.ts';

test.each([
  ['plain', 'plain'],
  ['shop/aws/us-east-1/10.0.0.1:8080', 'shop/aws/us-east-1/10.0.0.1:8080'],
  ['', '""'],
  ['two words', '"two words"'],
  ['a=b', '"a=b"'],
  ['say "no"\n', '"say \\"no\\"\\n"'],
  ['back\\slash', '"back\\\\slash"'],
  ['é', '"é"'],
  ['\ud800', '"\\ud800"'],
])('%j is written %s', (text, written) => {
  expect(logfmtText(text)).toBe(written);
});

test('whatever a text has in it, it is one value on one line and can be read back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, other) => {
      const line = logfmtOf({ a: text, b: other });
      expect(line).not.toMatch(/[\n\r]/);
      expect(logfmtFields(line)).toEqual({ a: text, b: other });
    }),
  );
});

test('what lies inside others has their keys before its own; what is empty is left out', () => {
  expect(logfmtOf({ n: 1, on: true, gone: null, labels: { service: 'a b' }, problems: ['x', 'y z'], none: [] })).toBe(
    'n=1 on=true gone=null labels.service="a b" problems.0=x problems.1="y z"',
  );
});
