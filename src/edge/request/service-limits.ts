import type { Service } from '../../config/topology.ts';
import type { ClientLimit, LimitPolicy, RateLimit } from '../../config/topology-limits.ts';
import { type ClientColumns, NO_PLACE, placeOf } from '../../resilience/client-places.ts';
import type { Fault, LimitFaultKind } from '../../resilience/fault.ts';
import { type Held, leavePlace, takePlace } from '../../resilience/held-count.ts';
import { giveBackRate, nanoseconds, partOf, type Rate, rateOf, takeRate } from '../../resilience/rate-limit.ts';
import { clientRule } from '../../table/limit-cells.ts';
import { countCell, SERVICE_CELLS } from '../../table/service-cells.ts';
import type { RequestHead } from '../message/request-head.ts';
import { type ClientKey, hashText, limitedAddress, ruleSeed } from './client-key.ts';
import { headOver, type Over } from './head-limits.ts';
import type { LimitCells } from './limit-cells.ts';
import { rateLimitFields } from './rate-limit-fields.ts';
import { refusal } from './refusal.ts';

const ASKED = countCell('rate-asked');

/** What limits ask of a request. */
export type LimitedRequest = {
  readonly head: RequestHead;
  readonly clientAddress: string;
  readonly startMs: number;
  readonly bodyBytesMax: number;
  /** What it holds until it has ended. */
  held: Held | undefined;
};

/** The limits of a service in one edge thread; undefined when it has none. */
export function serviceLimits(service: Service, slot: number): ServiceLimits | undefined {
  return service.limits === undefined ? undefined : new ServiceLimits(service.limits, { name: service.name, slot });
}

/**
 * Asks all limits of a service about a request, those first that cost least, those of the client before those of all. What an earlier one has taken
 * is given back when a later one refuses, so that what is refused uses up nothing.
 */
export class ServiceLimits {
  readonly #policy: LimitPolicy;
  readonly #slot: number;
  readonly #whole: Rate | undefined;
  /** This edge's part of it, and which part that is; 0: all. */
  #rate: Rate | undefined;
  #share = 0;
  readonly #clients: readonly ClientRule[];
  readonly #holds: boolean;
  /** Rules that had no place for the client of the last request. */
  uncounted = 0;

  constructor(policy: LimitPolicy, { name, slot }: { readonly name: string; readonly slot: number }) {
    this.#policy = policy;
    this.#slot = slot;
    this.#whole = policy.rate && ruleRate(policy.rate);
    this.#rate = this.#whole;
    this.#clients = policy.clients.map(
      (limit, index) => new ClientRule(limit, { name, slot, index, over: policy.over }),
    );
    this.#holds = policy.concurrent !== undefined || policy.clients.some(({ concurrent }) => concurrent !== undefined);
  }

  /** Undefined: it may come, and what it holds from now on is in `exchange.held`. */
  admit(exchange: LimitedRequest, cells: LimitCells): Over | undefined {
    this.uncounted = 0;
    const over = this.#tooLarge(exchange);
    if (over !== undefined) return over;
    const nowNs = nanoseconds(exchange.startMs);
    const held = this.#holds ? new HeldPlaces(cells, this.#slot) : undefined;
    for (let i = 0; i < this.#clients.length; i += 1) {
      const rule = this.#clients[i] as ClientRule;
      const refused = rule.take(exchange, cells, nowNs, held);
      if (!rule.counted) this.uncounted += 1;
      if (refused !== undefined) return this.#undone(refused, cells, held, i);
    }
    const refused = this.#ofAll(cells, nowNs, held);
    if (refused !== undefined) return this.#undone(refused, cells, held, this.#clients.length);
    exchange.held = held;
    return undefined;
  }

  #tooLarge({ head, bodyBytesMax }: LimitedRequest): Over | undefined {
    const over = headOver(head, this.#policy);
    if (over !== undefined) return over;
    if (bodyBytesMax === Number.POSITIVE_INFINITY || !head.hasBody) return undefined;
    const length = Number(head.fields.first('content-length') ?? 0);
    if (length <= bodyBytesMax) return undefined;
    return { fault: refusal('body-limited', `the body is larger than ${bodyBytesMax} bytes`), count: 'limited-body' };
  }

  #ofAll(cells: LimitCells, nowNs: bigint, held: HeldPlaces | undefined): Over | undefined {
    const { concurrent, rate } = this.#policy;
    if (concurrent !== undefined && held?.takeAll(concurrent) === false) {
      return {
        fault: tooMany('concurrency-limited', 'the service has as many requests as it takes'),
        count: 'limited-concurrent',
      };
    }
    if (rate === undefined || this.#rate === undefined) return undefined;
    const asked = this.#slot * SERVICE_CELLS + ASKED;
    cells.counts[asked] = (cells.counts[asked] as number) + 1;
    if (cells.share[this.#slot] !== this.#share) this.#follow(cells.share[this.#slot] as number);
    const waitMs = takeRate(cells.due, this.#slot, nowNs, this.#rate);
    if (waitMs === 0) return undefined;
    return { fault: tooSoon('service', rate, waitMs), count: 'limited-requests' };
  }

  #follow(share: number): void {
    this.#share = share;
    this.#rate = this.#whole && share > 0 ? partOf(this.#whole, share) : this.#whole;
  }

  /** `until`: that many rules of clients have taken the request. */
  #undone(over: Over, cells: LimitCells, held: HeldPlaces | undefined, until: number): Over {
    held?.release();
    for (let i = 0; i < until; i += 1) this.#clients[i]?.giveBack(cells);
    return over;
  }
}

type RuleAt = { readonly name: string; readonly slot: number; readonly index: number } & Pick<LimitPolicy, 'over'>;

/** One limit for each client of a service. */
class ClientRule {
  readonly #limit: ClientLimit;
  readonly #rate: Rate | undefined;
  readonly #seed: number;
  /** Its number, by which other threads know it. */
  readonly #number: number;
  readonly #isShared: boolean;
  readonly #key: ClientKey = { set: 0, tag: 0 };
  /** Where the last request was counted, and at which rate. */
  #at = NO_PLACE;
  #taken: Rate | undefined;
  /** The part of the rate that was last asked for: clients with a part ask again and again. */
  #part: Rate | undefined;
  #partShare = 0;

  constructor(limit: ClientLimit, { name, slot, index, over }: RuleAt) {
    this.#limit = limit;
    this.#rate = limit.rate && ruleRate(limit.rate);
    this.#number = clientRule(slot, index);
    this.#isShared = over === 'fleet' && limit.rate !== undefined;
    this.#seed = ruleSeed(name, index);
  }

  take(exchange: LimitedRequest, cells: LimitCells, nowNs: bigint, held: HeldPlaces | undefined): Over | undefined {
    const { clients } = cells;
    const { concurrent, rate } = this.#limit;
    this.#name(exchange, this.#seed ^ (cells.seed[0] as number));
    const at = placeOf(clients, this.#key.set, this.#key.tag, nowNs);
    this.#at = at;
    if (at === NO_PLACE) return undefined;
    if (concurrent !== undefined && held?.takeClient(at, concurrent) === false) {
      return {
        fault: tooMany('concurrency-limited', 'the client has as many requests as it may'),
        count: 'limited-client-concurrent',
      };
    }
    if (rate === undefined || this.#rate === undefined) return undefined;
    this.#taken = this.#isShared && cells.shared[0] === 1 ? this.#shareOf(this.#rate, clients, at) : this.#rate;
    const waitMs = takeRate(clients.due, at, nowNs, this.#taken);
    if (waitMs === 0) return undefined;
    return { fault: tooSoon('client', rate, waitMs), count: 'limited-client-requests' };
  }

  /** What of the rate is this edge's for the client at a place, where what is asked for is counted for the other edges to hear of. */
  #shareOf(whole: Rate, { asked, rule, share }: ClientColumns, at: number): Rate {
    Atomics.add(asked, at, 1);
    rule[at] = this.#number;
    const part = share[at] as number;
    if (part === 0) return whole;
    if (part === this.#partShare && this.#part !== undefined) return this.#part;
    this.#partShare = part;
    this.#part = partOf(whole, part);
    return this.#part;
  }

  /** Whether there was a place for the client of the last request. */
  get counted(): boolean {
    return this.#at !== NO_PLACE;
  }

  /** Of the last request that it let pass. */
  giveBack({ clients }: LimitCells): void {
    if (this.#at !== NO_PLACE && this.#taken !== undefined) giveBackRate(clients.due, this.#at, this.#taken);
  }

  #name({ head, clientAddress }: LimitedRequest, seed: number): void {
    const { header, certificate, ipv6Prefix } = this.#limit;
    const shown = certificate === undefined ? undefined : head.peer.certificate?.[certificate];
    if (shown !== undefined && shown !== '') return hashText(shown, seed ^ 2, this.#key);
    const named = header === undefined ? undefined : head.fields.first(header);
    // A header that says what another's address is must not use up what that address may.
    if (named !== undefined && named !== '') hashText(named, seed ^ 1, this.#key);
    else hashText(limitedAddress(clientAddress, ipv6Prefix), seed, this.#key);
  }
}

/** The places that one request has taken. */
class HeldPlaces implements Held {
  readonly #cells: LimitCells;
  readonly #slot: number;
  #all = false;
  #clients: number[] | undefined;

  constructor(cells: LimitCells, slot: number) {
    this.#cells = cells;
    this.#slot = slot;
  }

  takeAll(max: number): boolean {
    const { held, ownHeld } = this.#cells;
    if (!takePlace(held, this.#slot, max)) return false;
    ownHeld[this.#slot] = (ownHeld[this.#slot] as number) + 1;
    this.#all = true;
    return true;
  }

  takeClient(at: number, max: number): boolean {
    if (!takePlace(this.#cells.clients.held, at, max)) return false;
    this.#clients ??= [];
    this.#clients.push(at);
    return true;
  }

  release(): void {
    const { held, ownHeld, clients } = this.#cells;
    if (this.#all) {
      this.#all = false;
      ownHeld[this.#slot] = (ownHeld[this.#slot] as number) - 1;
      leavePlace(held, this.#slot);
    }
    if (this.#clients === undefined) return;
    for (const at of this.#clients) leavePlace(clients.held, at);
    this.#clients = undefined;
  }
}

function ruleRate({ requestsPerSecond, burst }: RateLimit): Rate {
  return rateOf(requestsPerSecond, burst);
}

function tooSoon(name: 'service' | 'client', rate: RateLimit, waitMs: number): Fault {
  const fault = refusal(
    'rate-limited',
    `more than ${Number(rate.requestsPerSecond.toPrecision(4))} requests a second of the ${name}`,
  );
  return { ...fault, fields: rateLimitFields(name, rate, waitMs) };
}

function tooMany(kind: LimitFaultKind, cause: string): Fault {
  return { ...refusal(kind, cause), fields: COME_BACK };
}

/** Nobody knows when one of them ends. */
const COME_BACK = ['Retry-After', '1'];
