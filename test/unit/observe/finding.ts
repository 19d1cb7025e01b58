import type { AlertChange, Finding } from '../../../src/observe/alert.ts';

/** A finding of which only the key matters, unless the test says more. */
export function findingOf(key: string, more: Partial<Finding> = {}): Finding {
  return {
    key,
    rule: 'health_critical',
    name: 'MeridianEndpointHealthCritical',
    severity: 'critical',
    labels: { service: 'shop', cloud: 'aws' },
    summary: `${key} is wrong`,
    coveredBy: [],
    ...more,
  };
}

/** 2026-01-02T03:04:05.000Z */
export const AT_MS = 1_767_323_045_000;

export function changeTo(status: 'firing' | 'resolved', key: string, more: Partial<Finding> = {}): AlertChange {
  const endsAtMs = status === 'resolved' ? AT_MS + 60_000 : undefined;
  return { status, finding: findingOf(key, more), startsAtMs: AT_MS, endsAtMs };
}
