import { siteOf } from '../../config/fence-match.ts';
import type { Endpoint, Service, Topology } from '../../config/topology.ts';
import type { MirrorPolicy } from '../../config/topology-mirror.ts';
import type { Whereabouts } from '../../geo/locate.ts';
import { type Ask, type Live, readShares } from '../../routing/ask.ts';
import type { FenceMask } from '../../routing/fence.ts';
import { freshAsk } from '../../routing/fresh-ask.ts';
import { isPanic, NOBODY, select } from '../../routing/select.ts';
import { NO_SET, setOfDraw } from '../../routing/split.ts';
import { type ServiceView, viewOf } from '../../routing/view.ts';
import type { Placement } from '../../table/placement.ts';
import { pathRule } from '../message/path-rule.ts';
import { type ClientFences, clientFences } from './client-fences.ts';
import { LatencyRows } from './latency-rows.ts';

/**
 * Who gets the copies of one service's requests in one edge thread. It is chosen among the endpoints of the target as for a request of the
 * target's own, by what is known of them, but takes no permit: copies are counted in flight nowhere, and what becomes of them
 * moves no breaker, no health and no objective. Nobody is sent one in panic.
 */
export class MirrorTarget {
  readonly policy: MirrorPolicy;
  readonly view: ServiceView;
  /** Copies under way, and the bytes of their bodies. */
  underWay = 0;
  readonly #latencies: LatencyRows;
  readonly #fences: ClientFences | undefined;
  readonly #climbs: (target: string) => boolean;
  readonly #ask: Ask;

  constructor(policy: MirrorPolicy, target: Service, topology: Topology, placement: Placement) {
    this.policy = policy;
    this.view = viewOf(target, placement);
    this.#latencies = new LatencyRows(target, topology.edge.place);
    this.#fences = clientFences(target);
    const { forward } = pathRule(
      undefined,
      target.endpoints.map(({ url }) => url.basePath),
    );
    this.#climbs = (path) => forward(path) === undefined;
    this.#ask = freshAsk(this.view, { nowMs: 0, mayProbe: false });
  }

  /** The endpoint for a copy of a request; undefined when none is well that fences let have it. The draws are in [0, 1). */
  choose(
    exchange: Mirrored,
    live: Live,
    at: { readonly nowMs: number; readonly random: () => number },
  ): Endpoint | undefined {
    const { view } = this;
    const ask = this.#ask;
    if (this.#climbs(exchange.target)) return undefined;
    ask.latency = this.#latencies.of(exchange.whereabouts, { live: live.columns, rows: view.rows, nowMs: at.nowMs });
    ask.nowMs = at.nowMs;
    ask.draw = at.random();
    ask.share = at.random();
    ask.set = view.split === undefined ? NO_SET : setOfDraw(view.split, at.random());
    ask.allowed = this.#allowed(exchange);
    readShares(live.columns, view.slot, ask.shares);
    const index = select(view, live, ask);
    return index === NOBODY || isPanic(view, index) ? undefined : view.service.endpoints[index];
  }

  /** What fences keep from a client, no copy of its requests brings there: those of the service that was asked, and the target's own. */
  #allowed({ fence, whereabouts: { country, precision }, clientAddress }: Mirrored): Uint8Array | undefined {
    const own = this.#fences?.of({ country, precision, address: clientAddress });
    return fence === undefined ? own?.allowed : both(this.view.service.endpoints, fence, own);
  }
}

/** As much of an exchange as its copy goes by. */
export type Mirrored = {
  readonly target: string;
  readonly whereabouts: Whereabouts;
  readonly clientAddress: string;
  readonly fence: FenceMask | undefined;
};

/** The target of a service's mirror; undefined when it has none. */
export function mirrorTarget(service: Service, topology: Topology, placement: Placement): MirrorTarget | undefined {
  const { mirror } = service;
  if (mirror === undefined) return undefined;
  const target = topology.services.find(({ name }) => name === mirror.to) ?? backendAsService(service, topology);
  return target && new MirrorTarget(mirror, target, topology, placement);
}

/** A backend is chosen from as the service that is asked chooses among its own. */
function backendAsService(service: Service, { backends }: Topology): Service | undefined {
  const backend = backends?.find(({ name }) => name === service.mirror?.to);
  if (backend === undefined) return undefined;
  const { name, endpoints } = backend;
  return { ...service, name, endpoints, backends: [backend], fences: [], split: undefined, sticky: undefined };
}

function both(endpoints: readonly Endpoint[], fence: FenceMask, own: FenceMask | undefined): Uint8Array {
  return Uint8Array.from(endpoints, (endpoint, i) => (fence.admits(siteOf(endpoint)) && own?.allowed[i] !== 0 ? 1 : 0));
}
