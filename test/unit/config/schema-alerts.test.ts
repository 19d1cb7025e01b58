import { expect, test } from 'vitest';
import { problemsWith } from './parse-text.ts';

test.each([
  ['alerts: { interval: 1s, resolve_after: 0s, timeout: 100ms, state: /var/lib/meridian/alerts.json }'],
  ['alerts: { rules: { health_critical: { below: 40%, for: 1m }, geo_old: { enabled: false } } }'],
  ['alerts: { sinks: { log: false, webhook: { url: "https://a.example/x?y=1", secret: whsec_YQ== } } }'],
  ['alerts: { sinks: { alertmanager: { urls: [http://a:9093, http://b:9093] } } }'],
  ['alerts: { sinks: { slack: { url: https://hooks.slack.com/services/x }, pagerduty: { routing_key: r } } }'],
])('%s is right', (line) => {
  expect(problemsWith(line)).toEqual([]);
});

test.each([
  ['alerts: { interval: 0s }', 'alerts.interval: must be from 1s to 10m'],
  ['alerts: { timeout: 2m }', 'alerts.timeout: must be from 100ms to 1m'],
  ['alerts: { rules: { healthy: {} } }', 'is no key of this block; its keys are health_critical'],
  ['alerts: { rules: { health_critical: { under: 1 } } }', 'rules.health_critical.under: is no key'],
  ['alerts: { sinks: { webhook: {} } }', 'alerts.sinks.webhook.url: is missing'],
  ['alerts: { sinks: { alertmanager: { urls: [] } } }', 'alerts.sinks.alertmanager.urls: must have at least 1'],
  ['alerts: { sinks: { pagerduty: {} } }', 'alerts.sinks.pagerduty.routing_key: is missing'],
  ['alerts: { sinks: { slack: { url: ftp://a/b } } }', 'must be an http or https URL'],
  ['alerts: { sinks: { slack: { url: "http://me:pass@a/b" } } }', 'without user and password'],
])('%s is wrong', (line, message) => {
  expect(problemsWith(line)).toEqual([expect.stringContaining(message)]);
});

test('the URL of a sink is never in a message', () => {
  const [problem] = problemsWith('alerts: { sinks: { slack: { url: "https//hooks.slack.com/T0/SECRET" } } }');
  expect(problem).toContain('alerts.sinks.slack.url');
  expect(problem).not.toContain('SECRET');
});
