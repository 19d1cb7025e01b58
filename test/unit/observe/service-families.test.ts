import { expect, test } from 'vitest';
import { serviceFamilies } from '../../../src/observe/service-families.ts';
import { ServiceTotals } from '../../../src/observe/service-totals.ts';
import {
  bucketsAt,
  countCell,
  SERVICE_CELLS,
  SERVICE_TIMES,
  type ServiceCount,
  statusClassCell,
  sumCell,
} from '../../../src/table/service-cells.ts';
import { valuesOf } from './samples.ts';
import { topologyWith, worldOf } from './world.ts';

const world = worldOf(topologyWith({ shop: ['aws/x'], blog: ['gcp/y'] }));
const totals = new ServiceTotals(world.blocks, (ms) => ms);
totals.follow(world.topology, world.placement);
const families = serviceFamilies(() => totals.read());
const blog = world.placement.slots['blog']! * SERVICE_CELLS;
const { services } = world.blocks[1]!;

test('answers are counted by the first digit of their status', () => {
  services[blog + statusClassCell(204)] = 3;
  services[blog + statusClassCell(503)] = 2;
  expect(valuesOf(families, 'meridian_requests_total')).toMatchObject({
    'blog 2xx': 3,
    'blog 5xx': 2,
    'blog 4xx': 0,
    'shop 2xx': 0,
  });
});

test.each([
  ['request', 'meridian_request_duration_seconds'],
  ['connect', 'meridian_upstream_connect_seconds'],
  ['tls', 'meridian_upstream_tls_seconds'],
  ['first-byte', 'meridian_upstream_first_byte_seconds'],
] as const)('the time %s is %s', (time, name) => {
  const at = SERVICE_TIMES.indexOf(time) + 1;
  services[blog + bucketsAt(time) + 1] = at;
  services[blog + sumCell(time)] = at * 1000;
  const samples = families.find((one) => one.name === name)!.samples();
  const of = (what: string) =>
    samples.find((one) => one.metricName === what && one.sharedLabels?.['service'] === 'blog');
  expect([of(`${name}_count`)?.value, of(`${name}_sum`)?.value]).toEqual([at, at]);
});

test.each([
  ['retry', 'meridian_retries_total'],
  ['client-gone', 'meridian_client_aborts_total'],
  ['hand-over', 'meridian_handovers_total'],
  ['bytes-in', 'meridian_request_body_bytes_total'],
  ['bytes-out', 'meridian_response_body_bytes_total'],
  ['fenced', 'meridian_fenced_requests_total'],
  ['fence-refusal', 'meridian_fence_refusals_total'],
  ['limit-uncounted', 'meridian_limit_uncounted_total'],
  ['hedge', 'meridian_hedges_total'],
  ['shed', 'meridian_shed_requests_total'],
  ['lower-tier', 'meridian_lower_tier_attempts_total'],
  ['braked', 'meridian_braked_requests_total'],
  ['health-disregarded', 'meridian_health_disregarded_total'],
] as const satisfies readonly (readonly [ServiceCount, string])[])('%s is %s', (count, name) => {
  services[blog + countCell(count)] = 40 + countCell(count);
  expect(valuesOf(families, name)).toEqual({ shop: 0, blog: 40 + countCell(count) });
});
