import type { Document } from './schema.ts';
import { ALERT_RULES, ALERT_SINKS, ALERTS, PAGERDUTY_URL } from './schema-alerts.ts';
import type { AlertRules, AlertSettings, AlertSinks } from './topology.ts';
import { complete } from './zod-schema.ts';

type Given = NonNullable<Document['alerts']>;

/** What is alerted on and who is notified, with every default filled in. */
export function buildAlerts(given: Given | undefined): AlertSettings {
  const { interval, resolve_after, timeout, state } = complete(ALERTS, given);
  return {
    intervalMs: interval,
    resolveAfterMs: resolve_after,
    timeoutMs: timeout,
    stateFile: state,
    rules: rulesOf(given?.rules),
    sinks: sinksOf(given?.sinks),
  };
}

function rulesOf(given: Given['rules']): AlertRules {
  const critical = complete(ALERT_RULES.health_critical, given?.health_critical);
  const warning = complete(ALERT_RULES.health_warning, given?.health_warning);
  const geo = complete(ALERT_RULES.geo_old, given?.geo_old);
  const ends = complete(ALERT_RULES.certificate_ends, given?.certificate_ends);
  return {
    health_critical: { enabled: critical.enabled, forMs: critical.for, below: critical.below },
    health_warning: { enabled: warning.enabled, forMs: warning.for, below: warning.below },
    cloud_down: ruleOf('cloud_down', given),
    breaker_open: ruleOf('breaker_open', given),
    cut_off: ruleOf('cut_off', given),
    edge_missing: ruleOf('edge_missing', given),
    no_endpoints: ruleOf('no_endpoints', given),
    reload_failed: ruleOf('reload_failed', given),
    budget_burn: ruleOf('budget_burn', given),
    acme_failing: ruleOf('acme_failing', given),
    geo_old: { enabled: geo.enabled, forMs: geo.for, olderThanMs: geo.older_than },
    certificate_ends: {
      enabled: ends.enabled,
      forMs: ends.for,
      warningMs: ends.warning_before,
      criticalMs: ends.critical_before,
    },
  };
}

type PlainRule =
  | 'cloud_down'
  | 'breaker_open'
  | 'cut_off'
  | 'edge_missing'
  | 'no_endpoints'
  | 'reload_failed'
  | 'budget_burn'
  | 'acme_failing';

function ruleOf(name: PlainRule, given: Given['rules']): AlertRules[PlainRule] {
  const { enabled, for: forMs } = complete(ALERT_RULES[name], given?.[name]);
  return { enabled, forMs };
}

/** The schema lets no sink through without what it needs. */
function sinksOf(given: Given['sinks']): AlertSinks {
  const { log, webhook, alertmanager, slack, pagerduty } = complete(ALERT_SINKS, given);
  return {
    log,
    webhook: webhook?.url === undefined ? undefined : { url: webhook.url, secret: webhook.secret ?? '' },
    alertmanager: alertmanager?.urls === undefined ? undefined : { urls: alertmanager.urls },
    slack: slack?.url === undefined ? undefined : { url: slack.url },
    pagerduty:
      pagerduty?.routing_key === undefined
        ? undefined
        : { routingKey: pagerduty.routing_key, url: pagerduty.url ?? PAGERDUTY_URL },
  };
}
