import { endpointsOf } from '../config/owners.ts';
import type { Endpoint, Topology } from '../config/topology.ts';
import { DEFAULT_VALUES } from '../config/topology-values.ts';
import { ACME_PREFIX, mergeAcme } from '../fleet/acme-record.ts';
import { alone } from '../fleet/alone.ts';
import { CHAOS_PREFIX, mergeChaos } from '../fleet/chaos-record.ts';
import { ClientSeed } from '../fleet/client-seed.ts';
import { ClientShares } from '../fleet/client-shares.ts';
import { EdgeWatch } from '../fleet/edge-watch.ts';
import type { Fleet, Merge } from '../fleet/fleet.ts';
import type { FleetDeps } from '../fleet/fleet-deps.ts';
import { FleetView } from '../fleet/fleet-view.ts';
import { LimitShares } from '../fleet/limit-shares.ts';
import { OVERRIDE_PREFIX } from '../fleet/override.ts';
import { type OverriddenWorld, writeEffects } from '../fleet/override-effects.ts';
import { mergeOverrides } from '../fleet/override-merge.ts';
import { Overrides } from '../fleet/overrides.ts';
import { isCutOff, quorumOf } from '../fleet/quorum.ts';
import { ScopedEndpoints } from '../fleet/scoped-endpoints.ts';
import type { ScopedOverrides } from '../fleet/scoped-overrides.ts';
import { FlagSwitches } from '../fleet/values/flag-switches.ts';
import { valueMerges } from '../fleet/values/value-merge.ts';
import { FleetValues } from '../fleet/values/values.ts';
import { fleetFamilies, overrideFamilies, type SeenEndpoint } from '../observe/fleet-families.ts';
import { type ValueFacts, valueFamilies } from '../observe/value-families.ts';
import { writeFlags } from '../table/flag-cells.ts';
import { runLoop } from '../table/loop.ts';
import type { Placement } from '../table/placement.ts';
import type { Control } from './control.ts';

/** How the records of each kind are brought together when two edges wrote them without having heard of each other. */
export const MERGES: Readonly<Record<string, Merge>> = {
  [OVERRIDE_PREFIX]: mergeOverrides,
  [CHAOS_PREFIX]: mergeChaos,
  [ACME_PREFIX]: mergeAcme,
};

/** How often values are looked after. */
export const VALUES_MS = 1000;

/** How often overrides that have expired are looked for. */
export const OVERRIDES_MS = 1000;

/** Opens the store that the file names. Nothing is connected to before the fleet is started. */
export type OpenFleet = (deps: FleetDeps) => Fleet | Promise<Fleet>;

export type FleetOptions = { readonly open: OpenFleet; readonly wallMs: () => number };

/** The fleet as the rest of a running edge has it. */
export type FleetWork = {
  readonly fleet: Fleet;
  /** Whether the file has a `fleet` block. */
  readonly shared: boolean;
  readonly overrides: Overrides;
  /** What users keep in it. */
  readonly values: FleetValues;
  readonly view: FleetView;
  /** Which edges are missing. */
  readonly watch: EdgeWatch;
  readonly wallMs: () => number;
  /** Connects, and puts what was decided into force. To be awaited before the first request. */
  readonly start: () => Promise<void>;
  /** Puts what was decided into force on the rows of a topology that is about to be deployed. */
  readonly dress: (topology: Topology, placement: Placement) => void;
  readonly close: () => Promise<void>;
};

/** What a fleet needs of the control thread. */
export type FleetControl = Pick<Control, 'table' | 'blocks' | 'loops'> & {
  readonly rows: Pick<Control['rows'], 'placement'>;
  readonly metrics: Pick<Control['metrics'], 'add' | 'readReplicationLags'>;
  readonly current: Pick<Control['current'], 'topology' | 'pem'>;
};

/** Wires the fleet to the table, the metrics and the log. Without a `fleet` block it is a fleet of one. */
export async function createFleet(control: FleetControl, { open, wallMs }: FleetOptions): Promise<FleetWork> {
  const { current, rows, table, loops } = control;
  const fleet = await openedFleet(control, { open, wallMs });
  const settings = current.topology.fleet;
  const isOn = (flag: string) => values.isOn(flag);
  const world = (placement: Placement) => ({ placement, table, nowMs: loops.clock.nowMs(), isOn });
  let reached = { topology: current.topology, endpoints: new ScopedEndpoints(current.topology) };
  const reachedBy = (scopes: readonly string[]) => {
    const { topology } = current;
    if (reached.topology !== topology) reached = { topology, endpoints: new ScopedEndpoints(topology) };
    return reached.endpoints.in(scopes);
  };
  const apply = (all: ScopedOverrides, changed: readonly string[]) =>
    writeEffects(world(rows.placement), all, reachedBy(changed));
  const overrides = new Overrides({ fleet, wallMs, emit: loops.emit, apply });
  const values = valuesOf(control, fleet, wallMs);
  const shares = sharesOf(control);
  const clients = clientsOf(control, fleet);
  const { dress } = flagged(control, { values, overrides, shares, clients, world });
  const view = viewOf(control, fleet, { shares, clients: clients?.shares });
  const watch = new EdgeWatch(settings?.forgetMs ?? 0, settings?.region ?? '');
  addMetrics(control, { fleet, shares, clients, overrides, values, view, watch });
  const exchange = () => {
    view.exchange();
    watch.look(fleet.status(), loops.clock.nowMs());
  };
  let running: Promise<unknown> = Promise.resolve();
  return {
    fleet,
    shared: settings !== undefined,
    overrides,
    values,
    view,
    watch,
    wallMs,
    start: async () => {
      await fleet.start();
      shares?.dress(current.topology, rows.placement);
      clients?.seed.begin(current.topology);
      overrides.begin();
      values.begin();
      const all = [
        { name: 'overrides', periodMs: () => OVERRIDES_MS, tick: async () => overrides.expire() },
        { name: 'values', periodMs: () => VALUES_MS, tick: () => values.tidy() },
        ...(settings === undefined
          ? []
          : [{ name: 'fleet', periodMs: () => settings.reportMs, tick: async () => exchange() }]),
      ];
      running = Promise.all(all.map((loop) => runLoop(loop, loops)));
    },
    dress,
    close: async () => {
      await running;
      await fleet.close();
    },
  };
}

function viewOf(
  { table, current, rows }: FleetControl,
  fleet: Fleet,
  { shares, clients }: { readonly shares: LimitShares | undefined; readonly clients: ClientShares | undefined },
): FleetView {
  const topology = () => current.topology;
  const placement = () => rows.placement;
  const limits = { ...(shares === undefined ? {} : { shares }), ...(clients === undefined ? {} : { clients }) };
  return new FleetView({ fleet, table, topology, placement, ...limits });
}

function valuesOf({ current, loops }: FleetControl, fleet: Fleet, wallMs: () => number): FleetValues {
  const settings = current.topology.fleet?.values ?? DEFAULT_VALUES;
  return new FleetValues({ ...loops, fleet, settings, edge: fleet.status().edge, wallMs });
}

type Flagged = Pick<FleetWork, 'values' | 'overrides'> & {
  readonly shares: LimitShares | undefined;
  readonly clients: SharedClients | undefined;
  readonly world: (placement: Placement) => OverriddenWorld & { readonly isOn: (flag: string) => boolean };
};

/** What flags and overrides say, written into the table as flags are switched and before another file is in force. */
function flagged(
  { current, rows, table, loops }: FleetControl,
  { values, overrides, shares, clients, world }: Flagged,
): Pick<FleetWork, 'dress'> {
  const write = (placement: Placement, endpoints: readonly Endpoint[]) => {
    const at = world(placement);
    writeFlags(placement, table, at.isOn);
    writeEffects(at, overrides.scoped, endpoints);
  };
  const flags = new FlagSwitches({ values, topology: () => current.topology, emit: loops.emit });
  flags.onSwitch(({ endpoints }) => write(rows.placement, endpoints));
  return {
    dress: (topology, placement) => {
      shares?.dress(topology, placement);
      clients?.seed.begin(topology);
      flags.follow(topology);
      const all = endpointsOf(topology);
      write(placement, all);
    },
  };
}

/** The parts of limits that edges hand each other; undefined for an edge that is alone. */
function sharesOf({ table, blocks, current, rows, loops }: FleetControl): LimitShares | undefined {
  const settings = current.topology.fleet;
  if (settings === undefined) return undefined;
  return new LimitShares({
    table,
    blocks,
    topology: () => current.topology,
    placement: () => rows.placement,
    clock: loops.clock,
    edges: settings.edges,
  });
}

type SharedClients = { readonly seed: ClientSeed; readonly shares: ClientShares };

/** The parts of limits for clients; undefined for an edge that shares no store with others. */
function clientsOf({ table, current, rows, loops }: FleetControl, fleet: Fleet): SharedClients | undefined {
  if (current.topology.fleet?.store !== 'redis') return undefined;
  return {
    seed: new ClientSeed({ fleet, table, random: loops.random }),
    shares: new ClientShares({
      table,
      topology: () => current.topology,
      placement: () => rows.placement,
      clock: loops.clock,
    }),
  };
}

type Shown = Pick<FleetWork, 'fleet' | 'overrides' | 'values' | 'view' | 'watch'> & {
  readonly shares: LimitShares | undefined;
  readonly clients: SharedClients | undefined;
};

function addMetrics({ metrics, current }: FleetControl, shown: Shown): void {
  const { fleet, shares, clients, overrides, values, view, watch } = shown;
  metrics.add(overrideFamilies(() => overrides.inForce));
  metrics.add(valueFamilies(valueFacts(fleet, values)));
  if (shares === undefined) return;
  metrics.add(
    fleetFamilies({
      status: fleet.status,
      missing: watch.missing.bind(watch),
      seen: () => seenEndpoints(current.topology, view),
      shares: () => shares.shares,
      clients: () => clients?.shares.shown ?? [],
    }),
  );
  metrics.readReplicationLags(() => fleet.status().lags);
}

function valueFacts(fleet: Fleet, { index, writes }: FleetValues): ValueFacts {
  const all = () => index.list('');
  return {
    keys: () => {
      const deleted = all().filter(({ said }) => said.value === undefined).length;
      return { live: index.size - deleted, deleted };
    },
    bytes: () => index.bytes,
    conflicts: () => all().filter(({ record }) => fleet.values.writes(record.key).length > 1).length,
    writes: () => writes,
    voters: () => fleet.values.strong?.roster?.members.length,
  };
}

function seenEndpoints(topology: Topology, view: FleetView): readonly SeenEndpoint[] {
  return endpointsOf(topology).map(({ id, cloud, region }) => {
    const opinions = view.opinionsOf(id);
    return { cloud, region, inFlight: view.inFlightOf(id), quorum: quorumOf(opinions), cutOff: isCutOff(opinions) };
  });
}

function openedFleet({ current, loops }: FleetControl, { open, wallMs }: FleetOptions): Fleet | Promise<Fleet> {
  const { edge, fleet: settings } = current.topology;
  if (settings === undefined) {
    const region = edge.cloud === undefined || edge.region === undefined ? 'local' : `${edge.cloud}/${edge.region}`;
    return alone({ edge: edge.id, region, wallMs });
  }
  return open({
    ...loops,
    settings,
    // A random part would make another edge of it at every start, in records that are kept.
    edge: edge.lastingId,
    merges: { ...MERGES, ...valueMerges(settings.values) },
    get authorities() {
      return current.pem.fleetAuthorities;
    },
    wallMs,
  });
}
