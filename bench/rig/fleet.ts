import type { FleetSettings } from '../../src/config/topology-fleet.ts';
import { DEFAULT_VALUES } from '../../src/config/topology-values.ts';
import type { Fleet, Merge } from '../../src/fleet/fleet.ts';
import { openFleet } from '../../src/fleet/open.ts';
import { valueMerges } from '../../src/fleet/values/value-merge.ts';
import { FleetValues } from '../../src/fleet/values/values.ts';
import type { Event } from '../../src/table/event.ts';
import { runLoop } from '../../src/table/loop.ts';
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
  edges: 1,
  values: DEFAULT_VALUES,
};

export type OpenOptions = Partial<FleetSettings> & {
  readonly authorities?: Readonly<Record<string, string>>;
  readonly wallMs?: () => number;
};

export type OpenedFleet = {
  readonly fleet: Fleet;
  /** What users keep in it. */
  readonly values: FleetValues;
  readonly events: Event[];
  readonly close: () => Promise<void>;
};

/** An edge's fleet by the real clock; whoever opens it closes it. */
export async function openHere(edge: string, options: OpenOptions): Promise<OpenedFleet> {
  const events: Event[] = [];
  const stopped = new AbortController();
  const { authorities = {}, wallMs = wallClockMs, ...settings } = options;
  const all = { ...SETTINGS, ...settings };
  const deps = {
    settings: all,
    edge,
    merges: { 'drain/': saferDrain, ...valueMerges(all.values) },
    authorities,
    clock: systemClock(monotonicMs()),
    sleep: systemSleep,
    random: systemRandom,
    emit: (event: Event) => void events.push(event),
    signal: stopped.signal,
    wallMs,
  };
  const fleet = await openFleet(deps);
  const values = new FleetValues({ ...deps, fleet, settings: all.values });
  values.begin();
  const tidying = runLoop({ name: 'values', periodMs: () => 200, tick: () => values.tidy() }, deps);
  const close = async () => {
    stopped.abort();
    await fleet.close();
    await tidying;
  };
  return { fleet, values, events, close };
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
