import type { Socket } from 'node:net';
import type { Locator } from '../../geo/locate.ts';
import type { GeoDatabase } from '../../geo/maxmind.ts';
import type { Clock, Random } from '../../table/clock.ts';
import type { FaultPlanner } from '../../table/fault-plan.ts';
import type { FastifyEngine } from '../general/fastify.ts';
import { type H2, startH2 } from '../h2/h2.ts';
import type { Recorder } from '../request/recorder.ts';
import type { ServiceState } from '../request/service-state.ts';
import type { World } from '../request/world.ts';
import type { OpenTunnels } from '../tunnel/open-tunnels.ts';
import { startWire, type Wire } from '../wire/wire.ts';
import type { WireDeps } from '../wire/wire-deps.ts';
import type { Deployment } from './deployment.ts';
import { clientIdleMs, serve } from './http-server.ts';
import type { Upstreams } from './upstreams.ts';

/** What is in force now; a reload or a swapped database replaces a reference in here, nothing else does. */
export type Now = { deployment: Deployment; world: World; geo: GeoDatabase; locator: Locator };

/** What a thread has for all of its fronts. */
type Shared = Pick<
  WireDeps,
  'pipeline' | 'mirrors' | 'edgeAnswer' | 'draining' | 'pseudonym' | 'passed' | 'refused' | 'faulted' | 'ahead'
> & {
  readonly engine: FastifyEngine;
  readonly now: Now;
  readonly upstreams: Upstreams;
};

type Machine = { readonly clock: Clock; readonly random: Random; readonly chaos?: FaultPlanner | undefined };

/** The wire engine before the general one. Where the file does not want it, it passes everything on. */
export function wireFront(machine: Machine, shared: Shared & { readonly recorder: Recorder }): Wire {
  const { now, engine, recorder } = shared;
  const general = { accept: (socket: Socket) => serve(engine.server, socket) };
  return startWire(general, {
    ...shared,
    ...commonOf(machine, shared),
    handedOver: (state) => recorder.handedOver(state?.view.slot),
    accelerates: () => now.deployment.topology.edge.accelerator,
  });
}

/** The front for HTTP/2. What takes more than forwarding it has the general engine forward. */
export function h2Front(machine: Machine, shared: Shared & { readonly tunnels: OpenTunnels }): H2 {
  return startH2({
    ...shared,
    ...commonOf(machine, shared),
    clock: machine.clock,
    held: shared.upstreams.held,
    forward: shared.engine.forward,
  });
}

/** What every front asks. */
function commonOf({ random, chaos }: Machine, { now, upstreams }: Pick<Shared, 'now' | 'upstreams'>) {
  const edge = () => now.deployment.topology.edge;
  return {
    isGeneral: ({ view }: ServiceState) =>
      view.service.degraded !== undefined || chaos?.cutting === true || !edge().accelerator,
    pools: upstreams.pools,
    deadlines: upstreams.deadlines,
    random,
    clientIdleMs: () => clientIdleMs(now.deployment.topology),
    keepAliveMs: () => edge().keepAliveMs,
    headMs: () => edge().headMs,
  };
}
