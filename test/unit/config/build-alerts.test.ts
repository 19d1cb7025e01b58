import { expect, test } from 'vitest';
import { buildAlerts } from '../../../src/config/build-alerts.ts';
import { SERVICES, topologyOf } from './parse-text.ts';

test('the defaults are those of the published monitor', () => {
  const { rules, sinks, ...rest } = buildAlerts(undefined);
  expect(rest).toEqual({ intervalMs: 30_000, resolveAfterMs: 60_000, timeoutMs: 5000, stateFile: undefined });
  expect(rules.health_critical).toEqual({ enabled: true, forMs: 0, below: 0.5 });
  expect(rules.health_warning).toEqual({ enabled: true, forMs: 0, below: 0.8 });
  expect(rules.geo_old.olderThanMs).toBe(90 * 86_400_000);
  expect(Object.values(rules).every(({ enabled }) => enabled)).toBe(true);
  expect(sinks).toEqual({
    log: true,
    webhook: undefined,
    alertmanager: undefined,
    slack: undefined,
    pagerduty: undefined,
  });
});

test('what the file says goes before the defaults', () => {
  const { alerts } = topologyOf(`version: 1
alerts:
  state: /tmp/a.json
  rules: { breaker_open: { enabled: false }, cloud_down: { for: 2m }, health_warning: { below: 0.9 } }
  sinks:
    log: false
    webhook: { url: "http://a/b" }
    pagerduty: { routing_key: key }
${SERVICES}`);
  expect(alerts.stateFile).toBe('/tmp/a.json');
  expect(alerts.rules.breaker_open).toEqual({ enabled: false, forMs: 0 });
  expect(alerts.rules.cloud_down).toEqual({ enabled: true, forMs: 120_000 });
  expect(alerts.rules.health_warning.below).toBe(0.9);
  expect(alerts.sinks).toEqual({
    log: false,
    webhook: { url: 'http://a/b', secret: '' },
    alertmanager: undefined,
    slack: undefined,
    pagerduty: { routingKey: 'key', url: 'https://events.pagerduty.com/v2/enqueue' },
  });
});
