import { expect, test } from 'vitest';
import { groupOf, isDown, isFull, isSpread, NEVER_GROUP } from '../../../src/routing/groups.ts';
import { HEALTH_STATE } from '../../../src/table/endpoint-table.ts';
import { askOf, stageOf } from '../../support/stage.ts';
import { topologyOf } from '../../support/topology.ts';

const FILE = `version: 1
edge: { region: aws/us-east-1 }
services:
  shop:
    split: { stable: 50, canary: 50 }
    routing: { failover: [gcp, aws] }
    endpoints:
      - { cloud: aws, region: us-east-1, url: "http://10.0.0.1", capacity: 10, set: stable }
      - { cloud: gcp, region: europe-west1, url: "http://10.0.0.2", capacity: 10, set: stable, weight: 50% }
      - { cloud: aws, region: us-west-2, url: "http://10.0.0.3", capacity: 10, set: stable, tier: 2 }
      - { cloud: gcp, region: us-central1, url: "http://10.0.0.4", capacity: 10, set: canary }
`;
const [PLAIN, HELD, LOWER, OTHER] = [0, 1, 2, 3];

test('the set goes before the tier, the tier before the weight, the weight before the order of clouds, and the standing before all', () => {
  const { view, live, table } = stageOf(topologyOf(FILE));
  const groups = (tried: number[] = []) => {
    const ask = askOf(view, 10, { set: 0, share: 0.7, tried });
    return view.service.endpoints.map((_, i) => groupOf(view, i, live, ask));
  };
  const order = (tried?: number[]) => {
    const found = groups(tried);
    return [...found.keys()]
      .filter((i) => found[i] !== NEVER_GROUP)
      .sort((a, b) => (found[a] as number) - (found[b] as number));
  };
  expect(order()).toEqual([PLAIN, HELD, LOWER, OTHER]);
  expect(new Set(groups()).size).toBe(4);
  // aws has been tried, and gcp goes first anyway; that says less than a weight.
  expect(order([LOWER])).toEqual([PLAIN, HELD, OTHER]);
  table.live.inFlight[PLAIN] = 30;
  expect(order()).toEqual([HELD, LOWER, OTHER, PLAIN]);
  expect(groups().map(isFull)).toEqual([true, false, false, false]);
  table.live.state[LOWER] = HEALTH_STATE.unhealthy;
  table.live.checksGood[LOWER] = 1;
  table.live.state[HELD] = HEALTH_STATE.unhealthy;
  table.live.drained[OTHER] = 1;
  expect(order()).toEqual([PLAIN, LOWER, HELD]);
  expect(groups().map(isDown)).toEqual([false, true, true, true]);
  // Those whose checks pass share; those whose checks fail come after them.
  expect(groups().map(isSpread)).toEqual([false, false, true, false]);
});
