import { expect, test } from 'vitest';
import { certificateLines } from '../../../src/main/certificate-lines.ts';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const GOOD = {
  name: 'a.example.com',
  directory: 'https://ca.example/dir',
  state: 'obtained' as const,
  endsAt: '2027-01-27T12:00:00Z',
  renewAt: '2026-12-28T12:00:00Z',
  failures: 0,
  error: '',
  againAt: null,
};

test.each([
  [GOOD, 'certificate of a.example.com: good for 60 d, renewed in 30 d'],
  [
    { ...GOOD, state: 'ordering' as const, endsAt: null, renewAt: null },
    'certificate of a.example.com: none yet, being ordered',
  ],
  [
    { ...GOOD, failures: 3, error: 'why', againAt: '2026-11-28T12:02:00Z' },
    'certificate of a.example.com: good for 60 d; 3 in a row failed, tried again in 2 min: why',
  ],
])('%# it says %s', (certificate, line) => {
  expect(certificateLines([certificate], NOW)).toEqual([line]);
});
