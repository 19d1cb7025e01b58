import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CombinedLines } from '../../../src/observe/access-combined.ts';
import { RECORD } from './record.ts';

const AT_MS = Date.UTC(2026, 10, 28, 3, 4, 5, 678);

test('a request is a line as Apache and nginx write it, without the query', () => {
  expect(new CombinedLines().of(RECORD, AT_MS)).toBe(
    '203.0.113.9 - - [28/Nov/2026:03:04:05 +0000] "GET /cart HTTP/1.1" 200 120 "-" "curl/8"',
  );
});

test('the time is that of each line; HTTP/2 and a client that names no agent are written as nginx does', () => {
  const lines = new CombinedLines();
  const record = { ...RECORD, httpVersion: '2', userAgent: undefined };
  expect(lines.of(record, AT_MS)).toContain('[28/Nov/2026:03:04:05 +0000] "GET /cart HTTP/2.0" 200 120 "-" "-"');
  expect(lines.of(record, AT_MS + 321)).toContain(':03:04:05 ');
  expect(lines.of(record, AT_MS + 322)).toContain(':03:04:06 ');
});

test('what a client sends cannot end its quotes, nor its line', () => {
  expect(new CombinedLines().of({ ...RECORD, userAgent: 'a"b\\c\né' }, AT_MS)).toMatch(
    /"a\\x22b\\x5Cc\\x0A\\xC3\\xA9"$/,
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const line = new CombinedLines().of({ ...RECORD, target: `/${text}`, userAgent: text }, AT_MS);
      expect(line).toMatch(/^\S+ - - \[[^\]]+\] "GET [ !#-~]+ HTTP\/1\.1" 200 120 "-" "[ !#-~]+"$/);
    }),
  );
});
