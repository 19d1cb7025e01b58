import { expect, test } from 'vitest';
import { hashOf } from '../../../src/routing/hash.ts';
import { NOBODY, select } from '../../../src/routing/select.ts';
import { stickyHome } from '../../../src/routing/sticky.ts';
import { HEALTH_STATE } from '../../../src/table/endpoint-table.ts';
import { askOf, type Stage, stageOf } from '../../support/stage.ts';
import { topologyOf } from '../../support/topology.ts';

const CLIENTS = 20_000;
const secrets = '["0123456789abcdef0123456789abcdef"]';

function stage(endpoints: number, sticky = 'by: client', capacity: (i: number) => number = () => 100): Stage {
  const lines = Array.from(
    { length: endpoints },
    (_, i) => `      - { cloud: aws, region: us-east-1, url: "http://10.0.0.${i + 1}", capacity: ${capacity(i)} }`,
  );
  return stageOf(
    topologyOf(`version: 1\nservices:\n  shop:\n    sticky: { ${sticky} }\n    endpoints:\n${lines.join('\n')}\n`),
  );
}

/** Where each client goes; how far the endpoints are does not matter. */
function homes({ view, live }: Stage, clients = CLIENTS): number[] {
  const ms = Array.from(view.rows, (_, i) => i * 10);
  return Array.from({ length: clients }, (_, client) =>
    select(view, live, askOf(view, ms, { stickyHash: hashOf(`client ${client}`) })),
  );
}

test.each([3, 5, 9])('when one of %d leaves, its clients move and nobody else does: 1/n', (endpoints) => {
  const all = stage(endpoints);
  const before = homes(all);
  all.live.columns.drained[1] = 1;
  const after = homes(all);
  const moved = before.filter((home, client) => home !== after[client]);
  expect(moved.every((home) => home === 1)).toBe(true);
  expect(Math.abs(moved.length / CLIENTS - 1 / endpoints)).toBeLessThan(0.01);
  // They go to all of the others alike, and come back when it does.
  for (let i = 0; i < endpoints; i += 1) {
    if (i === 1) continue;
    const gained = after.filter((home, client) => home === i && before[client] === 1).length;
    expect(Math.abs(gained / moved.length - 1 / (endpoints - 1))).toBeLessThan(0.03);
  }
  all.live.columns.drained[1] = 0;
  expect(homes(all)).toEqual(before);
});

test('each has as many clients as its capacity says, whatever was learned of that', () => {
  const uneven = stage(3, 'by: client', (i) => [100, 200, 700][i] as number);
  const before = homes(uneven);
  const shares = [0, 1, 2].map((i) => before.filter((home) => home === i).length / CLIENTS);
  for (const [i, expected] of [0.1, 0.2, 0.7].entries())
    expect(Math.abs((shares[i] as number) - expected)).toBeLessThan(0.01);
  uneven.live.columns.capacityFit[0] = 0.5;
  expect(homes(uneven)).toEqual(before);
});

test('one that has more than its part is passed over, once it is half full', () => {
  const all = stage(3, 'by: client, load: 1.25');
  const before = homes(all, 1000);
  const { inFlight } = all.live.columns;
  inFlight.set([40, 0, 0]);
  expect(homes(all, 1000)).toEqual(before);
  inFlight.set([60, 0, 0]);
  const after = homes(all, 1000);
  expect(after.filter((home) => home === 0)).toEqual([]);
  expect(before.every((home, client) => home === 0 || home === after[client])).toBe(true);
  // With the same everywhere nobody has more than its part.
  inFlight.set([60, 60, 60]);
  expect(homes(all, 1000)).toEqual(before);
});

test('no endpoint gets more than the bound of its part, whoever asks', () => {
  const all = stage(5, 'by: client, load: 1.25');
  const { inFlight } = all.live.columns;
  // One client that asks four hundred times at once.
  for (let n = 0; n < 400; n += 1) {
    const chosen = select(all.view, all.live, askOf(all.view, 5, { stickyHash: hashOf('one') }));
    inFlight[chosen] = (inFlight[chosen] as number) + 1;
  }
  expect(Math.max(...inFlight.subarray(0, 5))).toBeLessThanOrEqual(Math.ceil((1.25 * 401) / 5));
});

test('a cookie keeps its client with an endpoint until that fails, is drained, fenced or full', () => {
  const { view, live } = stage(3, `by: cookie, secrets: ${secrets}`);
  const { columns } = live;
  const chosen = (more = {}) => select(view, live, askOf(view, [1, 50, 100], { stuckTo: 2, ...more }));
  expect(chosen()).toBe(2);
  columns.state[2] = HEALTH_STATE.unknown;
  expect(chosen()).toBe(2);
  columns.state[2] = HEALTH_STATE.healthy;
  expect(chosen({ tried: [2] })).toBe(0);
  expect(chosen({ allowed: Uint8Array.of(1, 1, 0) })).toBe(0);
  columns.drained[2] = 1;
  expect(chosen()).toBe(0);
  columns.drained[2] = 0;
  columns.inFlight[2] = 300;
  expect(chosen()).toBe(0);
  columns.inFlight[2] = 0;
  columns.state[2] = HEALTH_STATE.unhealthy;
  expect(chosen()).toBe(0);
});

test.each([`by: cookie, on_failure: fail, secrets: ${secrets}`, 'by: client, on_failure: fail'])(
  '%s: no other one will do, but for one that is drained or fenced',
  (sticky) => {
    const { view, live } = stage(3, sticky);
    const client = askOf(view, 5, { stickyHash: hashOf('one') });
    const home = stickyHome(view, live, client);
    const who = sticky.startsWith('by: cookie') ? { stuckTo: home } : { stickyHash: hashOf('one') };
    const chosen = (more = {}) => select(view, live, askOf(view, 5, { ...who, ...more }));
    expect(chosen()).toBe(home);
    expect(chosen({ tried: [home] })).toBe(NOBODY);
    live.columns.state[home] = HEALTH_STATE.unhealthy;
    expect(chosen()).toBe(NOBODY);
    live.columns.drained[home] = 1;
    expect(chosen()).not.toBe(NOBODY);
    live.columns.drained[home] = 0;
    expect(chosen({ allowed: Uint8Array.from([0, 1, 2], (i) => (i === home ? 0 : 1)) })).not.toBe(NOBODY);
  },
);
