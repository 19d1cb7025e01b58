import { expect, test } from 'vitest';
import { alertsText } from '../../../src/main/alerts-table.ts';

const ALERT = {
  alert: 'A',
  state: 'firing',
  severity: 'warning',
  summary: 'a is slow',
  since: '2026-01-01',
  told_by: 'x',
  covered_by: [],
};
const SINK = { sink: 'slack', up: true, waiting: 0, lastError: null };

test('without alerts, it says that there are none', () => {
  expect(alertsText({ alerts: [], sinks: [SINK] }, false)).toBe('Nothing to alert on.\n');
});

test('critical ones first, what is quiet and for whose sake, and sinks that are not reached', () => {
  const critical = { ...ALERT, severity: 'critical', summary: 'b is down', covered_by: ['c'] };
  const deaf = { ...SINK, up: false, waiting: 3, lastError: 'ECONNREFUSED' };
  const lines = alertsText({ alerts: [ALERT, critical], sinks: [SINK, deaf] }, false).split('\n');
  expect(lines[1]).toMatch(/^critical +firing +2026-01-01 +A +b is down \(suppressed, for it is covered by c\)$/);
  expect(lines[2]).toMatch(/^warning .* a is slow$/);
  expect(lines.slice(3)).toEqual(['', 'slack is not reached, 3 wait: ECONNREFUSED', '']);
});
