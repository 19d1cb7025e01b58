import type { AlertRules } from '../config/topology.ts';
import { type Cloud, cloudsAmong } from '../config/topology-cloud.ts';
import type { Finding } from './alert.ts';
import { acmeFindings } from './alert-acme-failing.ts';
import { certificateFindings } from './alert-certificate-ends.ts';
import { CLOUD_ENDPOINTS_MIN, cutOffFindings } from './alert-cut-off.ts';
import { missingEdgeFindings } from './alert-edge-missing.ts';
import type { AlertFacts, EndpointFacts } from './alert-facts.ts';
import { WINDOWS } from './slo-burn.ts';
import type { Burn, SloReport } from './slo-report.ts';

/**
 * What is wrong, by the rules that are enabled. Findings that say less than another one name it in `coveredBy`: a cloud
 * covers its endpoints, critical covers warning, an endpoint that is down covers its breaker. That an endpoint is down, or its
 * breaker open, is no finding when most edges of the fleet see it up: then this edge is cut off from it, which is one.
 */
export function findingsOf(facts: AlertFacts, rules: AlertRules): readonly Finding[] {
  const endpoints = rules.cut_off.enabled ? facts.endpoints : facts.endpoints.map(byItself);
  const served = endpoints.filter(({ drained }) => !drained);
  const found = [
    ...cloudsAmong(endpoints).flatMap((cloud) => cloudDown(cloud, endpoints, rules)),
    ...noEndpoints(facts),
    ...cutOffFindings(endpoints),
    ...served.flatMap((endpoint) => endpointFindings(endpoint, rules)),
    ...facts.openClouds.filter((open) => isNews(open, endpoints)).map(cloudBreaker),
    ...missingEdgeFindings(facts.missingEdges ?? []),
    ...facts.slo.flatMap(budgetBurns),
    ...(facts.reloadFailed ? [RELOAD_FAILED] : []),
    ...geoOld(facts.geoAgeMs, rules),
    ...certificateFindings(facts.certificates, rules),
    ...acmeFindings(facts.obtained ?? []),
  ];
  return found.filter(({ rule }) => rule !== 'raised' && rules[rule].enabled);
}

/** An edge that does not say that it is cut off says what it sees. */
function byItself(endpoint: EndpointFacts): EndpointFacts {
  return { ...endpoint, cutOff: false };
}

function endpointFindings(endpoint: EndpointFacts, rules: AlertRules): readonly Finding[] {
  const { id, service, cloud, region, health, state } = endpoint;
  const labels = { service, cloud, region, endpoint: id };
  const whole = `cloud_down/${cloud}`;
  const summary = because(`${id} is ${state}: its health is ${health.toFixed(2)}`, endpoint.reason);
  const findings: Finding[] = [];
  if (isBelow(endpoint, rules.health_critical.below)) {
    const [key, name] = [`health_critical/${id}`, 'MeridianEndpointHealthCritical'];
    findings.push({ key, rule: 'health_critical', name, severity: 'critical', labels, summary, coveredBy: [whole] });
  }
  if (isBelow(endpoint, rules.health_warning.below)) {
    const [key, name] = [`health_warning/${id}`, 'MeridianEndpointHealthWarning'];
    const coveredBy = [`health_critical/${id}`, whole];
    findings.push({ key, rule: 'health_warning', name, severity: 'warning', labels, summary, coveredBy });
  }
  if (endpoint.breakerOpen && !endpoint.cutOff) {
    findings.push({
      key: `breaker_open/${id}`,
      rule: 'breaker_open',
      name: 'MeridianBreakerOpen',
      severity: 'warning',
      labels,
      summary: because(`the breaker of ${id} is open`, endpoint.breakerCause),
      coveredBy: [`health_critical/${id}`, `breaker_open/${service}/${cloud}`, whole],
    });
  }
  return findings;
}

/** An endpoint that nobody has checked yet has no health to judge; of one that this edge is cut off from, others judge. */
function isBelow({ state, health, cutOff }: EndpointFacts, threshold: number): boolean {
  return state !== 'unknown' && !cutOff && health < threshold;
}

function cloudDown(cloud: Cloud, endpoints: AlertFacts['endpoints'], rules: AlertRules): readonly Finding[] {
  const there = endpoints.filter((endpoint) => endpoint.cloud === cloud && !endpoint.drained);
  const down = there.filter((endpoint) => isBelow(endpoint, rules.health_critical.below));
  if (there.length < CLOUD_ENDPOINTS_MIN || down.length < there.length) return [];
  return [
    {
      key: `cloud_down/${cloud}`,
      rule: 'cloud_down',
      name: 'MeridianCloudDown',
      severity: 'critical',
      labels: { cloud },
      summary: `all ${there.length} endpoints on ${cloud} are down`,
      coveredBy: [],
    },
  ];
}

function noEndpoints({ endpoints }: AlertFacts): readonly Finding[] {
  const byService = Map.groupBy(endpoints, ({ service }) => service);
  return [...byService].flatMap(([service, its]): Finding[] => {
    if (its.some(({ state, drained }) => state !== 'unhealthy' && !drained)) return [];
    return [
      {
        key: `no_endpoints/${service}`,
        rule: 'no_endpoints',
        name: 'MeridianNoEndpoints',
        severity: 'critical',
        labels: { service },
        summary: `${service} has no endpoint left: all ${its.length} are down or drained`,
        coveredBy: [],
      },
    ];
  });
}

/** The breaker of a cloud that this edge is cut off from, or that an operator drained, is what is to be expected. */
function isNews(open: AlertFacts['openClouds'][number], endpoints: AlertFacts['endpoints']): boolean {
  const its = endpoints.filter((endpoint) => isOf(endpoint, open));
  return !its.some(({ cutOff }) => cutOff) && (its.length === 0 || its.some(({ drained }) => !drained));
}

function isOf(endpoint: EndpointFacts, { service, cloud }: AlertFacts['openClouds'][number]): boolean {
  return endpoint.service === service && endpoint.cloud === cloud;
}

function because(what: string, why: string | undefined): string {
  return why === undefined ? what : `${what} (${why})`;
}

function cloudBreaker({ service, cloud, cause }: AlertFacts['openClouds'][number]): Finding {
  return {
    key: `breaker_open/${service}/${cloud}`,
    rule: 'breaker_open',
    name: 'MeridianBreakerOpen',
    severity: 'critical',
    labels: { service, cloud },
    summary: because(`the breaker of ${service} on all of ${cloud} is open`, cause),
    coveredBy: [`cloud_down/${cloud}`],
  };
}

/**
 * One alert at a time for each service. The pair of windows of the fastest burning covers the slower ones, whose
 * windows have the same errors in them; so a slower one is notified only when it still burns once its short window lies
 * wholly after the faster one's end. And after a slower pair has been notified, a faster one is suppressed unless it is graver.
 */
function budgetBurns({ service, burning, burnRates }: SloReport): readonly Finding[] {
  const keyOf = ({ long }: Burn) => `budget_burn/${service}/${long}`;
  return burning.map(
    (burn, i): Finding => ({
      key: keyOf(burn),
      rule: 'budget_burn',
      name: 'MeridianBudgetBurn',
      severity: burn.severity,
      labels: { service, window: burn.long },
      summary: `${service} burns its error budget ${rate(burnRates[burn.long])} times too fast over ${burn.long}, and ${rate(burnRates[burn.short])} times over ${burn.short}`,
      coveredBy: burning.slice(0, i).map(keyOf),
      yieldsTo: burning.slice(i + 1).flatMap((slower) => (slower.severity === burn.severity ? [keyOf(slower)] : [])),
      quietMs: WINDOWS.find(({ name }) => name === burn.short)?.ms ?? 0,
    }),
  );
}

const RELOAD_FAILED: Finding = {
  key: 'reload_failed',
  rule: 'reload_failed',
  name: 'MeridianReloadFailed',
  severity: 'warning',
  labels: {},
  summary: 'the file has problems; the configuration before it is still in use',
  coveredBy: [],
};

function geoOld(ageMs: number, rules: AlertRules): readonly Finding[] {
  if (ageMs <= rules.geo_old.olderThanMs) return [];
  return [
    {
      key: 'geo_old',
      rule: 'geo_old',
      name: 'MeridianGeoDatabaseOld',
      severity: 'warning',
      labels: {},
      summary: `the geo database is ${Math.floor(ageMs / DAY_MS)} days old`,
      coveredBy: [],
    },
  ];
}

const DAY_MS = 24 * 3_600_000;

function rate(times: number | undefined): string {
  return (times ?? 0).toFixed(1);
}
