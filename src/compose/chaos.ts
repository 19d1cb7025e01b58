import { BurnMeter } from '../chaos/burn-meter.ts';
import { guardStops, type Welfare } from '../chaos/guard.ts';
import { ChaosRegistry } from '../chaos/registry.ts';
import type { Topology } from '../config/topology.ts';
import { runLoop } from '../table/loop.ts';
import { SLI } from '../table/worker-block.ts';
import { ChaosFleet } from './chaos-fleet.ts';
import type { Control } from './control.ts';
import type { EdgeThreads } from './edge-threads.ts';
import type { FleetWork } from './fleet.ts';

/** How often the guard looks. A fault that burns too much is over within this, and the moment a message takes. */
export const GUARD_MS = 500;
/** Where experiments may not run there is nothing to guard; a reload may allow them. */
const DISABLED_MS = 2000;

/** The experiments of a running edge, and the guard over them. */
export type Chaos = {
  readonly registry: ChaosRegistry;
  /** Those that run on the whole fleet; undefined for an edge that is alone. */
  readonly fleet: ChaosFleet | undefined;
  readonly start: () => void;
  readonly update: (topology: Topology) => void;
  readonly close: () => Promise<void>;
};

/** Wires the chaos room to the table that the guard reads, to the threads that put faults in, and to the fleet. */
export function startableChaos(
  control: Control,
  threads: Pick<EdgeThreads, 'tellChaos'>,
  { fleet, shared, wallMs }: Pick<FleetWork, 'fleet' | 'shared' | 'wallMs'>,
): Chaos {
  const { loops, current } = control;
  const { clock, emit } = loops;
  const registry = new ChaosRegistry({ clock, emit, tell: (running) => threads.tellChaos(running) }, current.topology);
  const edge = current.topology.edge.lastingId;
  const chaosFleet = shared ? new ChaosFleet({ fleet, registry, edge, wallMs, nowMs: clock.nowMs, emit }) : undefined;
  if (chaosFleet !== undefined) control.onEvent((event) => chaosFleet.onEvent(event));
  const meter = new BurnMeter();
  const tick = async (): Promise<void> => {
    registry.expire();
    if (!registry.settings.enabled) return;
    const at = { nowMs: clock.nowMs(), windowMs: registry.settings.guard.windowMs };
    for (const { name } of current.topology.services) meter.read(name, countedOf(control, name), at);
    const stops = guardStops(registry.running, current.topology, (name) => welfareOf(control, meter, name));
    for (const { experiment, detail } of stops) registry.stop(experiment, 'guard', detail);
  };
  let ended: Promise<void> = Promise.resolve();
  return {
    registry,
    fleet: chaosFleet,
    start: () => {
      registry.begin();
      chaosFleet?.catchUp();
      ended = runLoop(
        { name: 'chaos', periodMs: () => (registry.settings.enabled ? GUARD_MS : DISABLED_MS), tick },
        loops,
      );
    },
    update: (topology) => {
      registry.update(topology);
      chaosFleet?.catchUp();
      meter.keepOnly(topology.services.map(({ name }) => name));
    },
    close: () => ended,
  };
}

/** Requests of a service until now, chaos included and clients that left not: what its clients got. */
function countedOf({ rows, blocks }: Control, service: string): { readonly all: number; readonly bad: number } {
  const slot = rows.placement.slots[service];
  if (slot === undefined) return { all: 0, bad: 0 };
  const cell = (of: (typeof SLI)[number]) => slot * SLI.length + SLI.indexOf(of);
  let [all, bad] = [0, 0];
  for (const { sli, chaosBad } of blocks) {
    const plainBad = sli[cell('bad')] as number;
    all += (sli[cell('good')] as number) + plainBad + (sli[cell('excluded')] as number);
    bad += plainBad + (chaosBad[slot] as number);
  }
  return { all, bad };
}

function welfareOf({ current, rows, table }: Control, meter: BurnMeter, name: string): Welfare {
  const service = current.topology.services.find((one) => one.name === name);
  const endpoints = service?.endpoints ?? [];
  const health = endpoints.map(({ id }) => table.live.health[rows.placement.rows[id] as number] as number);
  const sum = health.reduce((total, one) => total + one, 0);
  return {
    ...meter.burn(name, service?.slo.objective ?? 0.9999),
    health: health.length === 0 ? 1 : sum / health.length,
  };
}
