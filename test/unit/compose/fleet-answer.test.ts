import { expect, test } from 'vitest';
import { DOUBTED_MAX, fleetAnswer } from '../../../src/compose/fleet-answer.ts';
import type { Topology } from '../../../src/config/topology.ts';
import type { InForce } from '../../../src/fleet/override.ts';
import type { Opinions } from '../../../src/fleet/quorum.ts';
import { FleetDouble } from '../../support/fleet-double.ts';
import { threeClouds } from '../../support/topology.ts';

const UP: Opinions = { here: 'up', up: 2, down: 0, unknown: 0 };
const DRAIN: InForce = {
  kind: 'drain',
  scope: { cloud: 'gcp', service: 'shop' },
  level: 0,
  untilMs: null,
  setAtMs: 0,
  actor: 'ann',
  reason: 'why',
  edge: 'a',
};

function answer(opinions: (id: string) => Opinions, topology: Topology = threeClouds()) {
  const double = new FleetDouble();
  const fleet = double.join('a', 'us-east-1');
  double.cut('a');
  return fleetAnswer({
    status: fleet.status(),
    shared: true,
    inForce: [DRAIN],
    view: { opinionsOf: opinions },
    topology,
  });
}

test('JSON has no infinity: a target that was never in step has no lag', () => {
  const { lags } = JSON.parse(JSON.stringify(answer(() => UP))) as { lags: unknown };
  expect(lags).toEqual([{ source: 'us-east-1', target: 'elsewhere', seconds: null }]);
});

test('overrides are shown with their dates; endpoints only when somebody does not see them up', () => {
  const shown = answer((id) => (id.includes('gcp') ? { ...UP, here: 'down' } : UP));
  expect(shown.overrides).toEqual([
    {
      kind: 'drain',
      scope: 'gcp@shop',
      level: 0,
      until: null,
      since: '1970-01-01T00:00:00.000Z',
      actor: 'ann',
      reason: 'why',
      edge: 'a',
    },
  ]);
  expect(shown.doubted).toMatchObject([
    { endpoint: expect.stringMatching(/gcp/) as string, here: 'down', up: 2, quorum: 'up', cutOff: true },
  ]);
  expect(answer(() => ({ ...UP, unknown: 1 })).doubted).toHaveLength(3);
});

test('no more endpoints are named than anybody reads', () => {
  const { services } = threeClouds();
  const [endpoint] = services[0]?.endpoints ?? [];
  const endpoints = Array.from({ length: DOUBTED_MAX + 1 }, () => endpoint);
  const many = { services: [{ endpoints }] } as unknown as Topology;
  expect(answer(() => ({ ...UP, down: 1 }), many).doubted).toHaveLength(DOUBTED_MAX);
});
