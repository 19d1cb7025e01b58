import { expect, test } from 'vitest';
import type { EndpointReading } from '../../../src/demo/edge-status.ts';
import { DEMO_REGIONS } from '../../../src/demo/regions.ts';
import { regionStates } from '../../../src/demo/state.ts';

test('every region has its origin, its share and what the edge says of it', () => {
  const reading: EndpointReading = {
    cloud: 'gcp',
    region: 'europe-west1',
    state: 'degraded',
    health: 0.6,
    inFlight: 3,
    breaker: 'closed',
    requests: 12,
  };
  const states = regionStates(
    DEMO_REGIONS,
    { 'gcp/europe-west1': 'hung', 'aws/us-east-1': 'running' },
    { endpoints: [reading] },
    { shares: { 'aws/us-east-1': 0.9, 'gcp/europe-west1': 0.1 } },
  );
  expect(states.map(({ id }) => id)).toEqual(DEMO_REGIONS.map(({ id }) => id));
  expect(states[2]).toEqual({ id: 'gcp/europe-west1', origin: 'hung', share: 0.1, edge: reading });
  expect(states[0]).toEqual({ id: 'aws/us-east-1', origin: 'running', share: 0.9, edge: undefined });
  expect(states[5]).toEqual({ id: 'azure/brazilsouth', origin: 'stopped', share: 0, edge: undefined });
});
