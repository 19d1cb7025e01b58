import { expect, test } from 'vitest';
import { endpointFamilies } from '../../../src/observe/endpoint-families.ts';
import { valuesOf } from './samples.ts';

const families = endpointFamilies(() => ({
  regions: [
    {
      region: 'x',
      cloud: 'aws',
      health: 0.25,
      latencyS: 0.012,
      errorRate: 0.5,
      capacity: 100,
      inFlightMax: 12,
      reportedLoad: 0.5,
    },
    {
      region: 'y',
      cloud: 'gcp',
      health: 1,
      latencyS: undefined,
      errorRate: 0,
      capacity: 1,
      inFlightMax: undefined,
      reportedLoad: undefined,
    },
  ],
  services: [
    {
      service: 'shop',
      region: 'x',
      cloud: 'aws',
      states: { unknown: 0, healthy: 2, degraded: 0, unhealthy: 1 },
      drained: 1,
      usable: 2,
      breaker: 1,
      assigned: 0.25,
    },
  ],
  cloudBreakers: [{ service: 'shop', cloud: 'aws', state: 2 }],
}));

test.each([
  ['endpoint_health_score', { 'x aws': 0.25, 'y gcp': 1 }],
  ['meridian_endpoint_latency_seconds', { 'x aws': 0.012 }],
  ['meridian_endpoint_error_rate', { 'x aws': 0.5, 'y gcp': 0 }],
  ['meridian_endpoint_capacity', { 'x aws': 100, 'y gcp': 1 }],
  ['meridian_endpoint_in_flight_max', { 'x aws': 12 }],
  [
    'meridian_endpoint_state',
    { 'shop aws x unknown': 0, 'shop aws x healthy': 2, 'shop aws x degraded': 0, 'shop aws x unhealthy': 1 },
  ],
  ['meridian_endpoint_drained', { 'shop aws x': 1 }],
  ['meridian_endpoint_usable', { 'shop aws x': 2 }],
  ['meridian_endpoint_assigned_share', { 'shop aws x': 0.25 }],
  ['meridian_breaker_state', { 'cloud shop aws ': 2, 'endpoint shop aws x': 1 }],
])('%s', (name, values) => {
  expect(valuesOf(families, name)).toEqual(values);
});
