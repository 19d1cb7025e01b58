import { ListedFields, Peer, type RequestHead } from '../../src/edge/message/request-head.ts';
import type { Attempt, Exchange } from '../../src/edge/request/exchange.ts';
import type { Pipeline } from '../../src/edge/request/pipeline.ts';
import { FAULT_STATUS, type Fault, isFault } from '../../src/resilience/fault.ts';
import type { Setting } from './configuration.ts';
import { Dice } from './dice.ts';
import type { Broken, Flight, Router, Try } from './flight.ts';
import { STORE_NAMES } from './map.ts';
import { addressOf, type ProductEdge, productEdge, settle } from './product.ts';
import type { Simulation } from './simulation.ts';
import { StoreServer } from './stores.ts';

/** What went out when a try broke off. */
const SENT: Readonly<Record<Broken, Fault['sent']>> = {
  'connect-refused': 'nothing',
  'connect-timeout': 'nothing',
  reset: 'some',
  'first-byte-timeout': 'some',
};

/** Edges that are the product: each request goes through the phases of its pipeline, as an engine calls them. */
export class ProductRouter implements Router {
  readonly #world: Simulation;
  readonly edges: readonly ProductEdge[];
  /** By edge, thread and site: a connection's clients are one, as far as the product remembers of it. */
  readonly #gets: RequestHead[] = [];
  readonly #posts: RequestHead[] = [];
  readonly #threads: number;
  readonly #random: () => number;

  static async open(world: Simulation, setting: Setting): Promise<ProductRouter> {
    settle(world);
    const servers = new Map(STORE_NAMES.map((name) => [name, new StoreServer()]));
    const edges: ProductEdge[] = [];
    for (const site of world.map.edges) edges.push(await productEdge(world, site, setting, servers));
    return new ProductRouter(world, edges, setting);
  }

  private constructor(world: Simulation, edges: readonly ProductEdge[], { threads, priority }: Setting) {
    this.#world = world;
    this.edges = edges;
    this.#threads = threads;
    this.#random = new Dice(world.map.spec.seed, 50).next;
    const headers = priority === undefined ? [] : ['Routing-Priority', priority];
    for (let site = 0; site < world.map.sites.length; site += 1) {
      for (let thread = 0; thread < threads; thread += 1) {
        const peer = new Peer();
        this.#gets.push(headOf('GET', addressOf(site), peer, headers));
        this.#posts.push(headOf('POST', addressOf(site), peer, headers));
      }
    }
  }

  begin(flight: Flight): void {
    const thread = this.#threads === 1 ? 0 : (this.#random() * this.#threads) | 0;
    const pipeline = (this.edges[flight.edge] as ProductEdge).threads[thread] as Pipeline;
    const heads = flight.get ? this.#gets : this.#posts;
    const exchange = pipeline.identify(heads[flight.site * this.#threads + thread] as RequestHead);
    if ('answer' in exchange) throw new Error('a redirect');
    if (isFault(exchange)) throw new Error(exchange.cause);
    flight.exchange = exchange;
    flight.pipeline = pipeline;
    this.#go(flight, pipeline.start(exchange));
  }

  connected(one: Try): void {
    const { flight, attempt } = one as Sent;
    (flight.pipeline as Pipeline).sent(attempt, 0);
  }

  answered(one: Try, overloaded: boolean): void {
    const { flight, attempt } = one as Sent;
    const { exchange, pipeline } = flight as Routed;
    if (overloaded) pipeline.overloaded(attempt);
    const next = pipeline.answered(exchange, attempt, one.status, true);
    if (next !== undefined) return this.#go(flight, next);
    for (const other of flight.sent) if (other !== one) other.dropped = true;
    pipeline.ended(exchange, attempt, 'complete');
    this.#world.finish(flight, one.status, one.endpoint);
  }

  failed(one: Try, how: Broken): void {
    const { flight, attempt } = one as Sent;
    const { exchange, pipeline } = flight as Routed;
    const fault: Fault = { kind: how, sent: SENT[how], cause: how };
    this.#go(flight, pipeline.failed(exchange, attempt, fault, true));
  }

  impatient(one: Try): void {
    const { flight, attempt } = one as Sent;
    const { exchange, pipeline } = flight as Routed;
    const leftMs = attempt.sentMs + attempt.patienceMs - this.#world.nowMs;
    const looks = leftMs > 1;
    // What has waited for a connection has its patience from then on.
    if (looks && attempt.lookMs > attempt.patienceMs) return this.#world.waitOn(one, leftMs);
    const { lookMs } = attempt;
    const moves = looks && pipeline.fellSilent(attempt);
    if (looks) this.#world.waitOn(one, Math.min(attempt.lookMs, attempt.patienceMs) - lookMs);
    if (looks && !moves) return;
    const next = pipeline.patienceExpired(exchange, attempt, true);
    if (next !== undefined) this.#go(flight, next);
  }

  #go(flight: Flight, next: Attempt | Fault): void {
    if (isFault(next)) return this.#giveUp(flight, next);
    const patienceMs = flight.get ? Math.min(next.lookMs, next.patienceMs) : Number.POSITIVE_INFINITY;
    const one = this.#world.send(flight, next.index, patienceMs);
    one.attempt = next;
  }

  /** Unless another try is still under way. */
  #giveUp(flight: Flight, fault: Fault): void {
    const { exchange, pipeline } = flight as Routed;
    if (exchange.attempts.some(({ outcome }) => outcome === undefined)) return;
    pipeline.gaveUp(exchange, fault);
    this.#world.finish(flight, FAULT_STATUS[fault.kind], -1);
  }
}

type Routed = Flight & { readonly exchange: Exchange; readonly pipeline: Pipeline };
type Sent = Try & { readonly attempt: Attempt };

function headOf(method: string, address: string, peer: Peer, headers: readonly string[]): RequestHead {
  return {
    method,
    target: '/',
    host: 'shop.example',
    headers,
    fields: new ListedFields(headers),
    version: '1.1',
    protocol: 'http',
    peerAddress: address,
    peer,
    hasBody: method === 'POST',
  };
}
