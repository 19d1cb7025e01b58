import type { DecisionHeaders } from '../../config/topology.ts';
import { countryOf, type Whereabouts } from '../../geo/locate.ts';
import { FAULT_STATUS, type Fault, isIdempotent } from '../../resilience/fault.ts';
import { priorityOf } from '../../routing/priorities.ts';
import type { ServiceView } from '../../routing/view.ts';
import { NO_DRAW } from '../../table/fault-plan.ts';
import { wallClockMs } from '../../table/system-clock.ts';
import { redirectAnswer } from '../message/answer.ts';
import type { Peer, RequestHead } from '../message/request-head.ts';
import { type ClientAddress, clientAddress } from './client-address.ts';
import type { ClientFences } from './client-fences.ts';
import type { Answered, Exchange, Refused } from './exchange.ts';
import { freshId } from './fresh-ids.ts';
import type { Over } from './head-limits.ts';
import type { Ruled } from './message-rules.ts';
import type { PathDeps } from './path-deps.ts';
import type { Recorder, TurnedAway } from './recorder.ts';
import { refusal } from './refusal.ts';
import { requestMs } from './request-deadline.ts';
import { requestIdOf } from './request-id.ts';
import type { ServiceLimits } from './service-limits.ts';
import type { ServiceState } from './service-state.ts';
import type { ShedRequest } from './shed-ranks.ts';
import type { StickyClients, Stuck } from './sticky-clients.ts';
import { traceparentOf } from './traceparent.ts';
import { loops } from './via.ts';
import type { World } from './world.ts';

const SHED = refusal('shed', 'not all requests can be served now');

/** The first phase of the path: who asks, from where, for what, and with which priority. */
export class Identifier {
  readonly #deps: PathDeps;
  readonly #recorder: Recorder;

  constructor(deps: PathDeps, recorder: Recorder) {
    this.#deps = deps;
    this.#recorder = recorder;
  }

  /** `known` is the service, where the engine has looked it up already, in the world that is in force now. */
  identify(head: RequestHead, known: ServiceState | undefined): Exchange | Refused | Answered {
    const world = this.#deps.world();
    const client = this.#client(head, world);
    const state = known ?? this.serviceOf(head);
    const looping = loops(head.fields, world.pseudonym);
    const target = targetFor(state, head.target);
    if (looping || state === undefined || target === undefined) {
      const fault = looping ? refusal('loop', `Via names ${world.pseudonym} already`) : nobodysFault(state, head);
      // The client and the log see the same id, as for any other request.
      const refused = { ...fault, requestId: requestIdOf(head.fields, client.trustedPeer) };
      this.#recorder.refused(head, client.address, refused);
      return refused;
    }
    const whereabouts = this.#whereabouts(head.peer, client.address);
    const { view } = state;
    const { routing } = view.service;
    const priority = priorityOf(view, head.fields.first(routing.header));
    if (!priority.known) this.#recorder.count('unknown-priority');
    const startMs = this.#deps.clock.nowMs();
    const requestId = requestIdOf(head.fields, client.trustedPeer);
    const fence = state.fences === undefined ? undefined : this.#fence(state.fences, view, client.address, whereabouts);
    const shed =
      state.shedding &&
      this.#shed(state, client, { head, target, requestId, startMs, view, priority, whereabouts, fence });
    if (shed !== undefined) return shed;
    state.budget.deposit(startMs);
    this.#recorder.began(head.version);
    const exchange: Exchange = {
      head,
      target,
      requestId,
      traceparent: traceparentOf(head.fields, { requestId, trustedPeer: client.trustedPeer }, freshId),
      clientAddress: client.address,
      trustedPeer: client.trustedPeer,
      pseudonym: world.pseudonym,
      startMs,
      untilMs: startMs + requestMs(head, view.service.timeouts, client.trustedPeer),
      state,
      view,
      priority,
      whereabouts,
      latency: state.latencies.of(whereabouts, { live: this.#deps.live.columns, rows: view.rows, nowMs: startMs }),
      fence,
      sticky: this.#sticky(state.sticky, head, client.address, view.slot),
      idempotent: isIdempotent(head.method),
      bodyBytesMax: state.bodyBytesMax,
      bodyPauseMs: state.bodyPauseMs,
      explained: isExplained(world.topology.edge.decisionHeaders, client.trustedPeer),
      userAgent: this.#deps.accessLog === undefined ? undefined : head.fields.first('user-agent'),
      attempts: [],
      suspects: [],
      chaosDraw: this.#deps.chaos?.running === true ? this.#deps.random() : NO_DRAW,
      chaos: '',
      bytesIn: 0,
      bytesOut: 0,
      recorded: false,
      held: undefined,
    };
    return this.#taken(exchange, state);
  }

  /** The service whose request this is, in the world that is in force now. Nothing is asked of the client where no rule does. */
  serviceOf(head: RequestHead): ServiceState | undefined {
    const world = this.#deps.world();
    const { services } = world;
    if (!services.isConditional) return services.find(head.host, head.target);
    const address = () => this.#client(head, world).address;
    return services.find(head.host, head.target, {
      head,
      address,
      country: () => countryOf(this.#whereabouts(head.peer, address())),
    });
  }

  /** The answer to a client that is to ask elsewhere. */
  #redirected(exchange: Exchange): Answered | undefined {
    const { rules } = exchange.state;
    const location = rules?.elsewhere(exchange);
    if (rules?.redirect === undefined || location === undefined) return undefined;
    const { status } = rules.redirect;
    this.#recorder.record(exchange, undefined, { status, how: 'complete' });
    return {
      answer: redirectAnswer(status, location, [X_REQUEST_ID, exchange.requestId, ...rules.ownFields(exchange)]),
    };
  }

  /** A peer that no proxy is speaks for itself, with every request of its connection. */
  #client({ peer, peerAddress, fields }: RequestHead, world: World): ClientAddress {
    if (peer.world === world) return { address: peer.address, trustedPeer: false };
    const client = clientAddress(peerAddress, fields, world.trust);
    if (!client.trustedPeer) {
      peer.world = world;
      peer.address = client.address;
      peer.geo = undefined;
    }
    return client;
  }

  /** The refusal of a request that is turned away, for which nothing is made ready that only one on its way needs; undefined: it is not. */
  #shed(
    { shedding, rules }: ServiceState,
    { address, trustedPeer }: ClientAddress,
    asked: Omit<TurnedAway & Ruled, 'clientAddress' | 'trustedPeer'> & ShedRequest,
  ): Refused | undefined {
    const lateMs = this.#deps.block.loopLateMs[0] as number;
    if (shedding?.sheds(asked, this.#deps.live.columns, lateMs) !== true) return undefined;
    const request = { ...asked, clientAddress: address, trustedPeer };
    this.#recorder.turnedAway(request);
    const { requestId } = asked;
    return rules === undefined ? { ...SHED, requestId } : { ...SHED, requestId, more: rules.ownFields(request) };
  }

  /** Whether its service takes a request now, and forwards it. */
  #taken(exchange: Exchange, state: ServiceState): Exchange | Refused | Answered {
    const over = state.limits === undefined ? undefined : this.#over(state.limits, exchange);
    if (over !== undefined) return this.#refused(over, exchange);
    return state.rules?.redirect === undefined ? exchange : (this.#redirected(exchange) ?? exchange);
  }

  #over(limits: ServiceLimits, exchange: Exchange): Over | undefined {
    const over = limits.admit(exchange, this.#deps.limits);
    if (limits.uncounted > 0) this.#recorder.limited(exchange, 'limit-uncounted');
    return over;
  }

  /** A request that its service does not take, which ends it. */
  #refused(over: Over, exchange: Exchange): Refused {
    this.#recorder.limited(exchange, over.count);
    this.#recorder.record(exchange, undefined, { status: FAULT_STATUS[over.fault.kind], how: 'complete' });
    const { requestId, state } = exchange;
    const refused = { ...over.fault, requestId };
    return state.rules === undefined ? refused : { ...refused, more: state.rules.ownFields(exchange) };
  }

  #fence(fences: ClientFences, { slot }: ServiceView, address: string, { country, precision }: Whereabouts) {
    const fence = fences.of({ country, precision, address });
    if (fence !== undefined) this.#recorder.fenced(slot);
    return fence;
  }

  #sticky(
    clients: StickyClients | undefined,
    { fields }: RequestHead,
    address: string,
    slot: number,
  ): Stuck | undefined {
    if (clients === undefined) return undefined;
    const stuck = clients.of(fields, address, (this.#deps.wallMs ?? wallClockMs)());
    if (stuck?.ignored !== undefined) this.#recorder.cookieIgnored(slot, stuck.ignored);
    return stuck;
  }

  #whereabouts(peer: Peer, address: string): Whereabouts {
    const { world, geo, locate } = this.#deps;
    if (peer.whereabouts !== undefined && peer.world === world() && peer.geo === geo()) return peer.whereabouts;
    const found = locate(address);
    if (peer.world === world()) {
      peer.whereabouts = found;
      peer.geo = geo();
    }
    return found;
  }
}

function nobodysFault(state: ServiceState | undefined, { host }: RequestHead): Fault {
  return state === undefined ? refusal('no-service', `no service matches ${host}`) : BAD_PATH;
}

/** What endpoints of a service are asked for; undefined where they must not be. */
function targetFor(state: ServiceState | undefined, target: string): string | undefined {
  return state?.rules === undefined ? target : state.rules.target(target);
}

const BAD_PATH = refusal('bad-path', 'the path leads out of what the service is asked under');
const X_REQUEST_ID = 'X-Request-Id';

function isExplained(setting: DecisionHeaders, trustedPeer: boolean): boolean {
  return setting === 'always' || (setting === 'trusted' && trustedPeer);
}
