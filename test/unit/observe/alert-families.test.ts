import { expect, test } from 'vitest';
import type { Alert } from '../../../src/observe/alert.ts';
import { alertFamilies } from '../../../src/observe/alert-families.ts';
import { findingOf } from './finding.ts';
import { valuesOf } from './samples.ts';

const alert = (state: Alert['state'], severity: 'critical' | 'warning'): Alert => ({
  finding: findingOf('a', { severity }),
  state,
  sinceMs: 0,
  seenMs: 0,
  startsAtMs: 0,
  announced: false,
});

test('alerts by severity, and each sink with what became of its deliveries', () => {
  const status = {
    sink: 'slack',
    up: false,
    waiting: 7,
    lastError: 'x',
    delivered: 1,
    failed: 2,
    refused: 3,
    dropped: 4,
  };
  const families = alertFamilies(
    () => [alert('firing', 'critical'), alert('firing', 'critical'), alert('pending', 'warning')],
    () => [status, { ...status, sink: 'webhook', up: true }],
  );
  expect(valuesOf(families, 'meridian_alerts_firing')).toEqual({ critical: 2, warning: 0 });
  expect(valuesOf(families, 'meridian_alerts_sink_up')).toEqual({ slack: 0, webhook: 1 });
  expect(valuesOf(families, 'meridian_alerts_waiting')).toEqual({ slack: 7, webhook: 7 });
  expect(valuesOf(families, 'meridian_alerts_deliveries_total')).toMatchObject({
    'slack delivered': 1,
    'slack failed': 2,
    'slack refused': 3,
  });
  expect(valuesOf(families, 'meridian_alerts_dropped_total')).toEqual({ slack: 4, webhook: 4 });
});
