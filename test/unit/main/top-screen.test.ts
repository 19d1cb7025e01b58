import { expect, test } from 'vitest';
import { paint } from '../../../src/demo/line.ts';
import { type TopState, topLine, topScreen } from '../../../src/main/top-screen.ts';
import { endpoint, view } from './shown-edge.ts';

const STATE: TopState = {
  url: 'http://127.0.0.1:9901',
  elapsedMs: 12_000,
  view: view(),
  flows: new Map([
    ['', { perSecond: 250, errorsPerSecond: 0.5, share: 1 }],
    ['shop/aws/us-east-1/a:80', { perSecond: 250, errorsPerSecond: 0.5, share: 1 }],
  ]),
  alerts: [{ critical: true, text: 'gcp is down' }],
  experiments: ['slow-gcp'],
  trouble: undefined,
};
const shown = (state: TopState, rows = 24, columns = 200) =>
  topScreen(state, { rows, columns }).map((line) => paint(line, columns - 1, false).trimEnd());

test('everything at a glance', () => {
  const lines = shown(STATE);
  expect(lines[0]).toBe('Meridian  edge iad-1 in aws/us-east-1  admin http://127.0.0.1:9901  12s');
  expect(lines[1]).toBe('250 requests/s  0.5 errors/s  4 in flight  1 of 2 endpoints healthy  shop/gcp open');
  expect(lines).toContain('experiments: slow-gcp');
  expect(lines).toContain('alert  gcp is down');
  expect(lines).toContainEqual(
    expect.stringMatching(
      /^shop\/aws\/us-east-1\/a:80 +100% +████████ +250 +0\.5 +healthy +1\.00 +12 ms +closed +2 +500$/,
    ),
  );
  expect(lines).toContainEqual(expect.stringMatching(/^shop\/gcp\/europe-west1\/b:80 +0% +0 +0 +unhealthy .*drained$/));
  expect(lines.at(-1)).toBe('q quit');
});

test('never more lines than there are; what has no room is counted', () => {
  const many = view({ endpoints: Array.from({ length: 50 }, (_, i) => endpoint(`shop/aws/r/${i}`)) });
  const lines = shown({ ...STATE, view: many }, 12);
  expect(lines).toHaveLength(12);
  const last = lines.findIndex((line) => line.startsWith('and '));
  const rows = lines.filter((line) => line.startsWith('shop/aws/r/')).length;
  expect(lines[last]).toBe(`and ${50 - rows} more endpoints`);
  expect(shown(STATE, 3)).toHaveLength(3);
});

test('an edge that does not answer any more', () => {
  expect(shown({ ...STATE, trouble: 'no edge answers\nmore' })).toContain('no edge answers');
  expect(shown({ ...STATE, view: undefined, flows: new Map(), trouble: 'gone' })).toContain('gone');
});

test('as one line: what is not well is named', () => {
  expect(topLine(STATE)).toBe(
    '  12s  250/s, 0.5 errors/s | 1 of 2 endpoints healthy | breaker of shop/gcp open | shop/gcp/europe-west1/b:80 unhealthy, breaker open | experiment slow-gcp | alert: gcp is down',
  );
});

test('a narrow terminal: what matters least is left out, and a name keeps its beginning and its end', () => {
  const id = 'shop/azure/northeurope/10.20.30.40:8080';
  const down = endpoint(id, { state: 'unhealthy', breaker: 'open', drained: true });
  const at = (columns: number) =>
    shown(
      {
        ...STATE,
        view: view({ endpoints: [down] }),
        flows: new Map([[id, { perSecond: 12, errorsPerSecond: 3, share: 1 }]]),
      },
      24,
      columns,
    ).filter((line) => line.startsWith('shop/azure'));
  expect(at(140)).toEqual([expect.stringMatching(/^shop\/azure\/northeurope\/10\.20\.30\.40:8080 .*████.* drained$/)]);
  expect(at(80)).toEqual([
    expect.stringMatching(/^shop\/azure\/northe\S*…0:8080 .* 12 +3\.0 +unhealthy .*open +drained$/),
  ]);
  expect(at(40)).toEqual([expect.stringMatching(/^shop\/azure\/\S*…0:8080 +12 +unhealthy$/)]);
  for (const columns of [30, 40, 60, 80, 100, 140]) expect(at(columns)[0]?.length ?? 0).toBeLessThan(columns);
});
