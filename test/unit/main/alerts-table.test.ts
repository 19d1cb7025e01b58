import { expect, test } from 'vitest';
import type { EndpointStatus } from '../../../src/compose/status.ts';
import { alertsText } from '../../../src/main/alerts-table.ts';
import { view } from './shown-edge.ts';

const ALERT = {
  alert: 'A',
  state: 'firing',
  severity: 'warning',
  summary: 'a is slow',
  since: '2026-01-01',
  told_by: 'x',
  covered_by: [],
  labels: {},
};
const SHOWN = { coloured: false, nowMs: Date.parse('2026-01-01T00:01:00Z'), runbooks: undefined };
const SINK = { sink: 'slack', up: true, waiting: 0, lastError: null };

test('without alerts, it says that there are none', () => {
  expect(alertsText({ alerts: [], sinks: [SINK] }, SHOWN)).toBe('Nothing to alert on.\n');
});

test('critical ones first, what is quiet and for whose sake, and sinks that are not reached', () => {
  const critical = { ...ALERT, severity: 'critical', summary: 'b is down', covered_by: ['c'] };
  const deaf = { ...SINK, up: false, waiting: 3, lastError: 'ECONNREFUSED' };
  const lines = alertsText({ alerts: [ALERT, critical], sinks: [SINK, deaf] }, SHOWN).split('\n');
  expect(lines[1]).toMatch(/^critical +firing +2026-01-01 +A +b is down \(suppressed, for it is covered by c\)$/);
  expect(lines[2]).toMatch(/^warning .* a is slow$/);
  expect(lines.slice(3)).toEqual(['', 'slack is not reached, 3 wait: ECONNREFUSED', '']);
});

test('how the endpoint is, once, and where it stands what to do about what no other alert covers', () => {
  const endpoint = {
    ...view().status.endpoints[0],
    state: 'unhealthy',
    since: '2026-01-01T00:00:20Z',
    reason: 'reachability: connection refused',
    check: {
      last: '2026-01-01T00:00:59Z',
      outcome: 'failed',
      error: 'connection refused',
      next: '2026-01-01T00:01:02Z',
    },
  } as EndpointStatus;
  const about = { ...ALERT, labels: { endpoint: 'shop/a' }, endpoint };
  const [down, ill] = [
    { ...about, alert: 'MeridianEndpointHealthCritical', severity: 'critical' },
    { ...about, alert: 'MeridianEndpointHealthWarning', covered_by: ['health_critical/shop/a'] },
  ];
  const text = alertsText({ alerts: [ill, down], sinks: [] }, { ...SHOWN, runbooks: '/docs/runbooks' });
  expect(text.split('\n').slice(4)).toEqual([
    'shop/a: unhealthy for 40 s: reachability: connection refused; last check 1 s ago; next in 2 s',
    '',
    'what to do: /docs/runbooks/meridian-endpoint-health-critical.md',
    '',
  ]);
});
