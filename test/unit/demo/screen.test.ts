import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Line, paint } from '../../../src/demo/line.ts';
import { screen } from '../../../src/demo/screen.ts';
import { sampleState } from './sample-state.ts';

const texts = (lines: readonly Line[], columns = 1000) => lines.map((line) => paint(line, columns, false).trimEnd());

test('80 columns and 24 rows show everything', () => {
  expect(texts(screen(sampleState(), { columns: 80, rows: 24 }))).toEqual([
    'Meridian demo  http://127.0.0.1:45751/  admin http://127.0.0.1:34323  31s',
    "curl -i -H 'X-Forwarded-For: 133.11.0.1' \\",
    "     -H 'routing-priority: latency' http://127.0.0.1:45751/",
    "curl -i -H 'X-Forwarded-For: 141.20.1.1' \\",
    "     -H 'routing-priority: reliability' http://127.0.0.1:45751/",
    "curl -i -H 'X-Forwarded-For: 200.144.248.1' \\",
    "     -H 'routing-priority: balanced' http://127.0.0.1:45751/",
    '    region               share         origin   health         breaker   flight',
    '  1 aws/us-east-1         20% ██       running  0.97 healthy   closed         2',
    '  2 aws/eu-central-1      20% ██       running  0.97 healthy   closed         2',
    '  3 gcp/europe-west1       0%          stopped  0.00 unhealthy half-open      0',
    '  4 gcp/asia-northeast1   20% ██       running  0.97 healthy   closed         2',
    '  5 azure/japaneast       20% ██       running  0.97 healthy   closed         2',
    '  6 azure/brazilsouth     20% ██       running  0.97 healthy   closed         2',
    'edge     1860 requests  60/s  10 in flight  7 failovers  gcp,azure open',
    'clients  1870 sent  1 failed  99.946 % available  p50 92 ms  p99 188 ms',
    '   30s gcp/europe-west1 was stopped',
    '   31s the breaker of gcp/europe-west1 is open',
    '',
    '',
    '',
    '',
    '1-6 stop/revive a region  a g z stop/revive aws gcp azure  h hang ..  q quit',
    'from a second terminal: npm run demo -- kill gcp/europe-west1 (or revive, hang)',
  ]);
});

test('no line of it is cut at 80 columns while the numbers are of a day', () => {
  const traffic = { sent: 984_000, succeeded: 983_000, failed: 3, inFlight: 9, heldBack: 0 };
  const state = sampleState({ traffic, elapsedMs: 86_399_000, recent: { p50Ms: 1222, p99Ms: 1333 } });
  expect(texts(screen(state, { columns: 80, rows: 24 })).filter((line) => line.length > 79)).toEqual([]);
});

test('whatever the size, it fits, and the table is there as long as it can be', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 100 }), (columns, rows) => {
      const lines = screen(sampleState(), { columns, rows });
      const table = lines.findIndex((line) => paint(line, 20, false).startsWith('  1 aws'));
      return lines.length <= rows && (rows < 12 || (table >= 0 && table <= 8));
    }),
  );
});

test('with fewer rows the commands go before the news', () => {
  const shown = texts(screen(sampleState(), { columns: 80, rows: 18 })).join('\n');
  expect(shown).not.toContain('curl');
  expect(shown).toContain('31s the breaker of gcp/europe-west1 is open');
  expect(shown).toContain('q quit');
});

test('with fewer lines for news than there are, the last are shown', () => {
  const news = Array.from({ length: 30 }, (_, index) => ({ atMs: index * 1000, text: `number ${index}` }));
  const shown = texts(screen(sampleState({ news }), { columns: 80, rows: 24 })).join('\n');
  expect(shown).toContain('number 29');
  expect(shown).toContain('number 24');
  expect(shown).not.toContain('number 23');
});

test('before the edge has said anything, and while a key is waited for', () => {
  const regions = sampleState().regions.map((region) => ({ ...region, edge: undefined, share: 0.001 }));
  const recent = { p50Ms: Number.NaN, p99Ms: Number.NaN };
  const shown = texts(
    screen(sampleState({ regions, recent, clouds: [], mode: 'hang', forMs: 60_000 }), { columns: 80, rows: 24 }),
  );
  expect(shown[0]).toContain('31s of 1m00s');
  expect(shown[8]).toBe('  1 aws/us-east-1         <1% █        running  0.00 unknown   closed         0');
  expect(shown[14]).toContain('clouds closed');
  expect(shown[15]).toContain('p50 -  p99 -');
  expect(shown[22]).toContain('hang which?');
});
