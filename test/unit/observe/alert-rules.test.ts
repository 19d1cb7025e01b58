import { describe, expect, test } from 'vitest';
import { buildAlerts } from '../../../src/config/build-alerts.ts';
import type { AlertFacts, EndpointFacts } from '../../../src/observe/alert-facts.ts';
import { findingsOf } from '../../../src/observe/alert-rules.ts';
import { sloReport } from '../../../src/observe/slo-report.ts';
import { OBTAINED } from './obtained.ts';

const { rules } = buildAlerts(undefined);
const DAY = 86_400_000;

const WELL: EndpointFacts = {
  id: 'shop/aws/x',
  service: 'shop',
  cloud: 'aws',
  region: 'x',
  health: 1,
  state: 'healthy',
  drained: false,
  breakerOpen: false,
  cutOff: false,
};
const FACTS: AlertFacts = {
  endpoints: [WELL],
  openClouds: [],
  reloadFailed: false,
  geoAgeMs: 0,
  certificates: [],
  slo: [],
};

const keys = (facts: Partial<AlertFacts>, with_ = rules) =>
  findingsOf({ ...FACTS, ...facts }, with_).map(({ key }) => key);
const endpoint = (more: Partial<EndpointFacts>) => [{ ...WELL, ...more }];

test('nothing is wrong when all is well', () => {
  expect(keys({})).toEqual([]);
});

test.each([
  [0.8, []],
  [0.79, ['health_warning/shop/aws/x']],
  [0.5, ['health_warning/shop/aws/x']],
  [0.49, ['health_critical/shop/aws/x', 'health_warning/shop/aws/x']],
])('a health of %d: %j', (health, expected) => {
  expect(keys({ endpoints: endpoint({ health, state: 'degraded' }) })).toEqual(expected);
});

test('critical covers warning, and a cloud covers both', () => {
  const [critical, warning] = findingsOf({ ...FACTS, endpoints: endpoint({ health: 0.1, state: 'degraded' }) }, rules);
  expect(critical).toMatchObject({ severity: 'critical', coveredBy: ['cloud_down/aws'] });
  expect(warning).toMatchObject({ severity: 'warning', coveredBy: ['health_critical/shop/aws/x', 'cloud_down/aws'] });
  expect(critical?.labels).toEqual({ service: 'shop', cloud: 'aws', region: 'x', endpoint: 'shop/aws/x' });
});

test('an endpoint that is not checked yet, or that an operator drained, is not alerted on', () => {
  expect(keys({ endpoints: endpoint({ health: 0.4, state: 'unknown' }) })).toEqual([]);
  const drained = endpoint({ health: 0, state: 'unhealthy', drained: true, breakerOpen: true });
  expect(keys({ endpoints: [...drained, { ...WELL, id: 'other' }] })).toEqual([]);
});

test('a cloud is down when every one of its endpoints, at least two, is', () => {
  const down = { health: 0, state: 'unhealthy' } as const;
  const three = [
    { ...WELL, ...down, id: 'a' },
    { ...WELL, ...down, id: 'b' },
    { ...WELL, cloud: 'gcp', id: 'c' },
  ] as const;
  expect(keys({ endpoints: three })).toContain('cloud_down/aws');
  expect(keys({ endpoints: [three[0], { ...three[1], health: 0.5 }, three[2]] })).not.toContain('cloud_down/aws');
  expect(keys({ endpoints: [three[0], three[2]] })).not.toContain('cloud_down/aws');
  expect(keys({ endpoints: [three[0], { ...three[1], drained: true }] })).not.toContain('cloud_down/aws');
});

test('a service without an endpoint that is not down or drained', () => {
  expect(keys({ endpoints: endpoint({ drained: true }) })).toEqual(['no_endpoints/shop']);
  expect(keys({ endpoints: endpoint({ state: 'unhealthy', health: 0 }) })).toContain('no_endpoints/shop');
  expect(keys({ endpoints: [...endpoint({ drained: true }), { ...WELL, id: 'b' }] })).toEqual([]);
});

test('breakers: of an endpoint a warning, of a cloud critical', () => {
  const found = findingsOf(
    { ...FACTS, endpoints: endpoint({ breakerOpen: true }), openClouds: [{ service: 'shop', cloud: 'aws' }] },
    rules,
  );
  expect(found.map(({ key, severity }) => [key, severity])).toEqual([
    ['breaker_open/shop/aws/x', 'warning'],
    ['breaker_open/shop/aws', 'critical'],
  ]);
  expect(found[0]?.coveredBy).toContain('breaker_open/shop/aws');
});

test('a file with problems, and a geo database that is too old', () => {
  expect(keys({ reloadFailed: true, geoAgeMs: 90 * DAY })).toEqual(['reload_failed']);
  expect(keys({ geoAgeMs: 90 * DAY + 1 })).toEqual(['geo_old']);
  expect(findingsOf({ ...FACTS, geoAgeMs: 91.5 * DAY }, rules)[0]?.summary).toContain('91 days');
});

test('a budget that burns: the fastest pair covers the slower ones', () => {
  const policy = { objective: 0.9999, windowMs: DAY, minimumRequests: 1, minimumErrors: 1 };
  const slo = [sloReport('shop', policy, () => ({ good: 50, bad: 50 }))];
  const found = findingsOf({ ...FACTS, slo }, rules);
  expect(found.map(({ key, severity }) => [key, severity])).toEqual([
    ['budget_burn/shop/1h', 'critical'],
    ['budget_burn/shop/6h', 'critical'],
    ['budget_burn/shop/24h', 'warning'],
    ['budget_burn/shop/3d', 'warning'],
  ]);
  expect(found.map(({ coveredBy }) => coveredBy.length)).toEqual([0, 1, 2, 3]);
});

test.each(Object.keys(rules))('%s can be turned off', (name) => {
  const policy = { objective: 0.9999, windowMs: DAY, minimumRequests: 1, minimumErrors: 1 };
  const bad = { health: 0, state: 'unhealthy', breakerOpen: true } as const;
  const facts = {
    endpoints: [
      { ...WELL, ...bad, id: 'a' },
      { ...WELL, ...bad, id: 'b' },
      { ...WELL, ...bad, cloud: 'gcp', region: 'y', id: 'c', cutOff: true } as const,
    ],
    openClouds: [{ service: 'shop', cloud: 'aws' }] as const,
    reloadFailed: true,
    geoAgeMs: 1000 * DAY,
    certificates: [{ name: 'a', leftMs: DAY, lifetimeMs: 90 * DAY }],
    obtained: [{ ...OBTAINED, failures: 3 }],
    missingEdges: [{ id: 'fra-1', region: 'europe-west1', regionGone: false }],
    slo: [sloReport('shop', policy, () => ({ good: 0, bad: 50 }))],
  };
  const off = { ...rules, [name]: { ...rules[name as keyof typeof rules], enabled: false } };
  const rulesFound = (with_: typeof rules) => new Set(findingsOf(facts, with_).map(({ rule }) => rule));
  expect(rulesFound(rules)).toContain(name);
  expect(rulesFound(off)).not.toContain(name);
  expect(rulesFound(off).size).toBe(Object.keys(rules).length - 1);
});

describe('endpoints that this edge sees down and most edges see up', () => {
  const lost = { health: 0, state: 'unhealthy', breakerOpen: true, cutOff: true } as const;
  const both = [
    { ...WELL, ...lost, id: 'a' },
    { ...WELL, ...lost, id: 'b', region: 'y' },
    { ...WELL, cloud: 'gcp', id: 'c' },
  ] as const;
  const openClouds = [{ service: 'shop', cloud: 'aws' }] as const;

  test('are no alert about them, nor about breakers: this edge is cut off', () => {
    expect(keys({ endpoints: both, openClouds })).toEqual(['cut_off/aws']);
    const other = [{ service: 'blog', cloud: 'aws' }] as const;
    expect(keys({ endpoints: both, openClouds: other })).toEqual(['cut_off/aws', 'breaker_open/blog/aws']);
  });

  test('do not hide another one that is really down', () => {
    const real = { ...WELL, ...lost, cutOff: false, id: 'b' };
    expect(keys({ endpoints: [both[0], real, both[2]] })).toEqual(
      expect.arrayContaining(['cut_off/aws/x', 'health_critical/b']),
    );
  });

  test('are alerted on by what this edge sees when cut_off is off', () => {
    const off = { ...rules, cut_off: { enabled: false, forMs: 0 } };
    expect(keys({ endpoints: both }, off)).toEqual(expect.arrayContaining(['cloud_down/aws', 'health_critical/a']));
  });

  test('leave a service without an endpoint all the same: its clients here suffer', () => {
    expect(keys({ endpoints: both.slice(0, 2) })).toContain('no_endpoints/shop');
  });
});

test('the breaker of a cloud that is drained for a service is to be expected', () => {
  const openClouds = [{ service: 'shop', cloud: 'aws' }] as const;
  const rest = { ...WELL, cloud: 'gcp', id: 'c' } as const;
  expect(keys({ endpoints: [{ ...WELL, drained: true }, rest], openClouds })).toEqual([]);
  expect(keys({ endpoints: [{ ...WELL, drained: true }, { ...WELL, id: 'b' }, rest], openClouds })).toEqual([
    'breaker_open/shop/aws',
  ]);
});
