import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accessLine } from '../../../src/observe/access-line.ts';
import { accessLogfmt } from '../../../src/observe/access-logfmt.ts';
import { logfmtOf } from '../../../src/observe/logfmt.ts';
import type { AccessRecord } from '../../../src/table/access-record.ts';
import { RECORD } from './record.ts';

/** What it has to be: the JSON line, said otherwise. */
const fromJson = (record: AccessRecord) => logfmtOf(JSON.parse(`{${accessLine(record)}}`) as Record<string, unknown>);

const refused: AccessRecord = {
  ...RECORD,
  traceId: '',
  country: '',
  service: '',
  priority: '',
  status: 404,
  userAgent: undefined,
  tls: '',
  attempts: [],
};

test.each([
  ['with everything', { ...RECORD, quality: 'full', chaos: 'slow,lost' } as const],
  ['refused', refused],
  [
    'with nothing said of its end',
    { ...RECORD, attempts: [{ ...RECORD.attempts[0]!, outcome: undefined, runnerUp: undefined }] },
  ],
])('a request %s has the fields of the JSON line, in their order', (_, record) => {
  expect(accessLogfmt(record)).toBe(fromJson(record));
});

test('whatever a client sends', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), fc.float({ min: 0, noNaN: true }), (text, ms) => {
      const record = { ...RECORD, target: `/${text}`, host: text, userAgent: text, tookMs: ms };
      expect(accessLogfmt(record)).toBe(fromJson(record));
    }),
  );
});
