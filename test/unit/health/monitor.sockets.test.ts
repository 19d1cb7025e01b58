import { afterEach, expect, test } from 'vitest';
import type { Topology } from '../../../src/config/topology.ts';
import { HealthMonitor } from '../../../src/health/monitor.ts';
import { probers } from '../../../src/health/probe.ts';
import { HANDSHAKES_WANTED } from '../../../src/health/way.ts';
import { EndpointTable, HEALTH_STATE } from '../../../src/table/endpoint-table.ts';
import type { Event } from '../../../src/table/event.ts';
import { NO_PLACEMENT, NOT_BUSY, type Placement, place } from '../../../src/table/placement.ts';
import { systemClock, systemRandom, systemSleep } from '../../../src/table/system-clock.ts';
import { workerBlockBytes } from '../../../src/table/worker-block.ts';
import { endpointOf, serviceOf, topologyOf } from '../discovery/topology.ts';
import { Origin, refusingPort } from './origin.ts';

/** The monitor with real sockets and the real clock, against origins that live, die, hang and come back. */
const LIMITS = { rows: 16, services: 2, workers: 1 };
/** Long for a busy machine; a sound one needs a fraction of it. */
const SOON = { timeout: 5000 };
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function origin(made: Promise<Origin>): Promise<Origin> {
  const one = await made;
  closing.push(() => one.stop().catch(() => {}));
  return one;
}

function watching(topology: Topology): { stateOf: (port: number) => number; events: Event[] } {
  const table = EndpointTable.create(0, LIMITS, workerBlockBytes(LIMITS));
  const clock = systemClock(performance.timeOrigin);
  const placement: Placement = place(topology, NO_PLACEMENT, NOT_BUSY, LIMITS).placement;
  const events: Event[] = [];
  const monitor = new HealthMonitor({
    table,
    clock,
    sleep: systemSleep,
    random: systemRandom,
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
    openProber: probers({ clock, sleep: systemSleep }),
  });
  monitor.update(topology, placement, { authorities: {}, clientPairs: {} });
  monitor.start();
  closing.push(() => monitor.close());
  const stateOf = (port: number): number =>
    table.live.state[placement.rows[`shop/aws/us-east-1/127.0.0.1:${port}`] as number] as number;
  return { stateOf, events };
}

test('good, refusing and hanging origins are told apart side by side, within a second and a timeout', async () => {
  const [good, mute, dead] = [
    await origin(Origin.http((_, response) => response.end())),
    await origin(Origin.tcp(() => {})),
    await refusingPort(),
  ];
  const endpoints = [mute.port, good.port, dead].map((port) => endpointOf('127.0.0.1', { port }));
  const { stateOf, events } = watching(topologyOf(serviceOf(endpoints, { intervalMs: 200, timeoutMs: 300 })));
  await expect
    .poll(() => [good.port, dead, mute.port].map(stateOf), SOON)
    .toEqual([HEALTH_STATE.healthy, HEALTH_STATE.unhealthy, HEALTH_STATE.unhealthy]);
  const reasons = events.map((event) => (event.type === 'endpoint-state' ? event.reason : event.type));
  expect(reasons.toSorted()).toEqual([
    'all checks are good',
    'reachability: connection refused',
    'reachability: no answer within 300 ms',
  ]);
  // Checks of the good one went on while the other hung: the first ones each with a handshake, and then over one connection.
  await expect.poll(() => good.sockets.length, SOON).toBe(HANDSHAKES_WANTED);
  await expect.poll(() => good.sockets.filter(({ destroyed }) => !destroyed).length, SOON).toBe(1);
});

test('an origin that dies is seen to, and so is its return to the same port', async () => {
  const first = await Origin.http((_, response) => response.end());
  const { port } = first;
  const { stateOf } = watching(topologyOf(serviceOf([endpointOf('127.0.0.1', { port })], { intervalMs: 300 })));
  await expect.poll(() => stateOf(port), SOON).toBe(HEALTH_STATE.healthy);
  await first.stop();
  await expect.poll(() => stateOf(port), SOON).toBe(HEALTH_STATE.unhealthy);
  await origin(Origin.http((_, response) => response.end(), '127.0.0.1', port));
  await expect.poll(() => stateOf(port), SOON).toBe(HEALTH_STATE.healthy);
});
