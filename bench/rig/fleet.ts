import type { FleetSettings } from '../../src/config/topology-fleet.ts';
import type { Fleet, Merge } from '../../src/fleet/fleet.ts';
import { openFleet } from '../../src/fleet/open.ts';
import type { Event } from '../../src/table/event.ts';
import { monotonicMs, systemClock, systemRandom, systemSleep, wallClockMs } from '../../src/table/system-clock.ts';

/** The safer value: a drain beats what does not drain. */
export const saferDrain: Merge = (a, b) => ({
  drained: a.value['drained'] === true || b.value['drained'] === true,
});

export const SETTINGS: FleetSettings = {
  store: 'redis',
  path: undefined,
  region: 'a',
  regions: [],
  prefix: 'test:',
  commandMs: 2000,
  replicateMs: 5000,
  reportMs: 200,
  forgetMs: 2000,
  compareMs: 500,
};

export type OpenOptions = Partial<FleetSettings> & {
  readonly authorities?: Readonly<Record<string, string>>;
  readonly wallMs?: () => number;
};

export type OpenedFleet = { readonly fleet: Fleet; readonly events: Event[]; readonly close: () => Promise<void> };

/** An edge's fleet by the real clock; whoever opens it closes it. */
export async function openHere(edge: string, options: OpenOptions): Promise<OpenedFleet> {
  const events: Event[] = [];
  const stopped = new AbortController();
  const { authorities = {}, wallMs = wallClockMs, ...settings } = options;
  const fleet = await openFleet({
    settings: { ...SETTINGS, ...settings },
    edge,
    merges: { 'drain/': saferDrain },
    authorities,
    clock: systemClock(monotonicMs()),
    sleep: systemSleep,
    random: systemRandom,
    emit: (event) => events.push(event),
    signal: stopped.signal,
    wallMs,
  });
  return { fleet, events, close: () => fleet.close() };
}

/** Waits until `is` says so; what it waited for is in the error when it does not within `ms`. */
export async function eventually(what: string, is: () => boolean, ms = 10_000): Promise<number> {
  const startMs = performance.now();
  while (!is()) {
    if (performance.now() - startMs > ms) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return performance.now() - startMs;
}
