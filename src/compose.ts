import type { AdminServer } from './admin/fastify.ts';
import { startableAcme } from './compose/acme.ts';
import { type AdminPortsDeps, adminPorts } from './compose/admin-ports.ts';
import { type Alerting, createAlerting } from './compose/alerting.ts';
import { type Chaos, startableChaos } from './compose/chaos.ts';
import { chaosProbers } from './compose/chaos-probers.ts';
import { configFacts } from './compose/config-facts.ts';
import { type Control, createControl } from './compose/control.ts';
import type { EdgeThreads } from './compose/edge-threads.ts';
import { watchFiles } from './compose/file-watches.ts';
import { createFleet, type FleetWork, type OpenFleet } from './compose/fleet.ts';
import { lateProbers } from './compose/late-probers.ts';
import { Membership } from './compose/membership.ts';
import { type PemTexts, readPemFiles } from './compose/pem-files.ts';
import { type Claims, claimPorts, edgeThreadCount } from './compose/port.ts';
import { sayStarted, sayUnverified, sayWhatRuns } from './compose/process-lines.ts';
import { Reloader, type ReloaderDeps } from './compose/reloader.ts';
import { Shutdown, type ShutdownPhase } from './compose/shutdown.ts';
import { startableThreads } from './compose/startable-threads.ts';
import { type Status, statusOf } from './compose/status.ts';
import { runUpkeep } from './compose/upkeep.ts';
import type { Topology } from './config/topology.ts';
import type { ListenAddress } from './config/topology-listener.ts';
import { Discovery } from './discovery/discovery.ts';
import { type AskDns, openDns } from './discovery/dns.ts';
import { openFleet as openStores } from './fleet/open.ts';
import { type DatabaseFile, readDatabase } from './geo/database-file.ts';
import { HealthMonitor } from './health/monitor.ts';
import { configFamilies } from './observe/config-families.ts';
import type { Event } from './table/event.ts';
import { tolerateBugs } from './table/invariant.ts';
import { wallClockMs } from './table/system-clock.ts';

/** A running Meridian. */
export type Meridian = {
  /** Where clients connect, and where operators do. */
  readonly edge: ListenAddress;
  readonly admin: ListenAddress;
  /** The addresses of all listeners, in the order of the file; `edge` is the first. */
  readonly listeners: readonly ListenAddress[];
  readonly control: Control;
  readonly threads: EdgeThreads;
  readonly chaos: Chaos['registry'];
  readonly status: () => Status;
  readonly reload: Reloader['reload'];
  /** Drains and ends; resolves when everything has ended. A call while it does leaves out what is left of its phase. */
  readonly stop: () => Promise<void>;
  /** Ends at once. */
  readonly force: () => Promise<void>;
  readonly phase: () => ShutdownPhase;
};

export type StartOptions = {
  readonly topology: Topology;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called with every event, from the first. */
  readonly onEvent?: (event: Event) => void;
  /** Opens the store of the file's fleet. */
  readonly openFleet?: OpenFleet;
  /** Asks for the addresses of names; the system's name servers when left out. */
  readonly ask?: AskDns;
  /** The wall clock, by which overrides end. */
  readonly wallMs?: () => number;
  /** Whether bugs are counted and logged, and the edge goes on; otherwise they are thrown. */
  readonly tolerant?: boolean;
};

/**
 * Wires the rooms together and starts them: table, loops, edge threads, admin. Rejects with one sentence when something
 * that it needs cannot be had (a port, a database, a certificate); nothing is left running then.
 */
export async function startMeridian(options: StartOptions): Promise<Meridian> {
  const { topology, env, openFleet = openStores, wallMs = wallClockMs, tolerant = false } = options;
  const pem = await readPemFiles(topology);
  const geo = await readDatabase(topology.geoDatabase);
  const claims = await claimPorts(topology.edge.listeners);
  const threadCount = edgeThreadCount(topology.edge.workers);
  const control = createControl(topology, geo, { threads: threadCount, pem });
  attend(control, geo, options);

  const threads = startableThreads(control, claims.addresses, { geo, threadCount, tolerant });
  const fleet = await createFleet(control, { open: openFleet, wallMs });
  const chaos = startableChaos(control, threads, fleet);
  const checks = startableChecks(control, chaos);
  const reportOf = (endpoint: string) => checks.reportOf(endpoint);
  const alerting = createAlerting(control, fleet, reportOf);
  const loops = startableLoops(control, threads, { checks, chaos, alerting, fleet, ask: options.ask });
  const reloader = startReloader(control, { env, wallMs, apply: loops.apply });
  const watching = watchFiles(control, { threads, geo, wallMs, show: loops.show });
  const acme = startableAcme(control, { threads, fleet, wallMs });
  let admin: AdminServer | undefined;
  const shutdown = new Shutdown({
    ...endingOf(control),
    threads,
    end: async () => {
      control.ending.abort();
      watching.close();
      reloader.close();
      await Promise.all([admin?.close(), loops.close(), acme.close(), fleet.close()]);
      control.loops.emit({ type: 'ended', uptimeMs: wallClockMs() - control.notes.process.startedMs });
      await control.log.flush();
    },
  });
  const openAdmin = async (): Promise<AdminServer> => {
    admin = await opened({ control, threads, threadCount, chaos, fleet, reloader, shutdown, alerting, reportOf });
    return admin;
  };
  try {
    admin = await begin({ fleet, loops, threads, openAdmin, claims });
    chaos.start();
    await reloader.catchUp();
    acme.start();
  } catch (error) {
    await shutdown.force();
    throw error;
  }
  control.table.live.serving[0] = 1;
  const at = whereOf(claims, topology, admin.port);
  sayStarted(control, { ...at, threads: threadCount });
  return {
    ...at,
    control,
    threads,
    chaos: chaos.registry,
    status: () => statusOf(control, fleet, reportOf),
    reload: () => reloader.reload(),
    stop: () => shutdown.stop(),
    force: () => shutdown.force(),
    phase: () => shutdown.phase,
  };
}

function whereOf(
  { addresses }: Claims,
  { admin }: Topology,
  port: number,
): Pick<Meridian, 'edge' | 'listeners' | 'admin'> {
  const [edge] = addresses as readonly [ListenAddress];
  return { edge, listeners: addresses, admin: { host: admin.listen.host, port } };
}

/** The admin port, with everything that it can see and do. */
async function opened(deps: AdminPortsDeps): Promise<AdminServer> {
  const { current, log } = deps.control;
  const onError = (route: string, error: unknown) => log.error(`${route} failed`, { error: String(error) });
  const { startAdmin } = await import('./admin/fastify.ts');
  return startAdmin({ ...current.topology.admin, ports: adminPorts(deps), onError });
}

/** How long the end may take, by the file as it is then. */
function endingOf({ current, table, loops: { emit, sleep } }: Control) {
  return {
    drainMs: () => current.topology.edge.drainMs,
    lameDuckMs: () => current.topology.edge.lameDuckMs,
    unready: () => void (table.live.serving[0] = 0),
    entered: (phase: Exclude<ShutdownPhase, 'serving'>, forMs: number) => emit({ type: 'ending', phase, forMs }),
    sleep,
  };
}

type Beginning = {
  readonly fleet: FleetWork;
  readonly loops: ReturnType<typeof startableLoops>;
  readonly threads: EdgeThreads;
  readonly openAdmin: () => Promise<AdminServer>;
  readonly claims: Claims;
};

function startReloader(
  { loops: { emit }, current }: Control,
  more: Pick<ReloaderDeps, 'env' | 'wallMs' | 'apply'>,
): Reloader {
  return new Reloader({ ...more, emit, current });
}

/** Starts everything, in an order in which clients are served soon. */
async function begin({ fleet, loops, threads, openAdmin, claims }: Beginning): Promise<AdminServer> {
  // With a fleet, other stores may take a while to answer: probes are answered meanwhile.
  const early = fleet.shared ? await openAdmin() : undefined;
  await fleet.start();
  await loops.start();
  const listening = threads.start().finally(claims.release);
  listening.catch(() => {}); // Thrown below; the admin port may fail before.
  // Its modules load while the edge threads, which know by now what they are to be, are on their way.
  const admin = early ?? (await openAdmin());
  await listening;
  loops.check();
  return admin;
}

/** Tells of every event from now on; with `tolerant`, bugs of this thread are counted and logged instead of thrown. */
function attend(control: Control, geo: DatabaseFile, { onEvent, tolerant }: StartOptions): void {
  const { emit } = control.loops;
  if (onEvent !== undefined) control.onEvent(onEvent);
  if (tolerant) tolerateBugs((where, error) => emit({ type: 'bug', where, count: 1, error: String(error.stack) }));
  sayWhatRuns(control, geo);
}

/** The health loops; experiments may come between them and the endpoints. */
function startableChecks({ table, loops, current, metrics }: Control, chaos: Chaos): HealthMonitor {
  const late = lateProbers(async () => (await import('./health/probe.ts')).probers(loops));
  const openProber = chaosProbers(late, {
    ...loops,
    running: () => chaos.registry.running,
    topology: () => current.topology,
  });
  const { checks } = metrics;
  const checked = (service: string, good: boolean, tookMs: number) => checks.checked(service, good, tookMs);
  return new HealthMonitor({ ...loops, table, openProber, checked });
}

type Work = {
  readonly checks: HealthMonitor;
  readonly chaos: Chaos;
  readonly alerting: Alerting;
  readonly fleet: FleetWork;
  readonly ask: AskDns | undefined;
};

type Followers = Pick<Work, 'chaos' | 'alerting' | 'fleet'> & { readonly health: HealthMonitor };

/** What puts a topology into force, and the addresses of its endpoints. */
function membershipOf(
  control: Control,
  threads: EdgeThreads,
  { health, chaos, alerting, fleet }: Followers,
): Membership {
  const { rows, current, deployment, loops } = control;
  return new Membership({
    ...control,
    nowMs: () => loops.clock.nowMs(),
    deploy: (topology) => {
      const placement = rows.place(topology, threads.version + 1);
      // Before anybody hears of the new rows: what is drained must not get one request for a reload.
      fleet.dress(topology, placement);
      health.setAddresses(current.addresses);
      health.update(topology, placement, current.pem);
      current.topology = topology;
      alerting.update();
      threads.deploy(deployment());
      chaos.update(topology);
    },
    tell: (book) => {
      health.setAddresses(book);
      threads.setAddresses(book);
    },
  });
}

/** Health and discovery, and what it takes to put another topology into force. */
function startableLoops(control: Control, threads: EdgeThreads, { checks: health, chaos, alerting, fleet, ask }: Work) {
  const { loops, rows, current, deployment, ticketKeys } = control;
  const deployKeys = () => Object.keys(current.pem.listeners).length > 0 && threads.deploy(deployment());
  let upkeep: Promise<void> = Promise.resolve();
  const dns = openDns();
  const membership = membershipOf(control, threads, { health, chaos, alerting, fleet });
  const discovery = new Discovery({
    ...loops,
    ask: ask ?? dns.ask,
    onChange: (book) => membership.resolved(book),
  });
  control.metrics.add(
    configFamilies({ ...configFacts({ ...control, wallMs: wallClockMs }), dnsAgesMs: () => discovery.agesMs() }),
  );
  return {
    start: async () => {
      health.update(current.topology, rows.placement, current.pem);
      discovery.update(current.topology);
      discovery.start();
      await alerting.start();
      upkeep = runUpkeep({ ...loops, ticketKeys, deployKeys });
    },
    check: () => health.start(),
    apply: (topology: Topology, pem: PemTexts) => {
      const before = current.pem;
      current.pem = pem;
      try {
        membership.written(topology);
      } catch (error) {
        current.pem = before;
        throw error;
      }
      sayUnverified(control);
      discovery.update(topology);
    },
    show: (pem: PemTexts) => {
      current.pem = pem;
      health.update(current.topology, rows.placement, pem);
      threads.deploy(deployment());
    },
    close: async () => {
      dns.close();
      await Promise.all([health.close(), discovery.close(), chaos.close(), alerting.close(), upkeep]);
    },
  };
}
