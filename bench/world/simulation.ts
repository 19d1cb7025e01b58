import type { Event } from '../../src/table/event.ts';
import { Agenda } from './agenda.ts';
import { Arrivals } from './arrivals.ts';
import { Connections } from './connections.ts';
import { Dice } from './dice.ts';
import type { Figures } from './figures.ts';
import type { Broken, Flight, Router, Try } from './flight.ts';
import { SERVICE_SIGMA, type WorldMap } from './map.ts';
import { Origin } from './origin.ts';
import type { Scenario } from './scenario.ts';
import { Slots } from './slots.ts';
import { stillness } from './stillness.ts';
import { Waits } from './waits.ts';

/** Standard deviation of the logarithm of each trip's time. */
const JITTER = 0.05;
/** The product's defaults, which all have. */
const CONNECT_MS = 1000;
const FIRST_BYTE_MS = 15_000;

const ARRIVAL = 0;
const REACHED = 1;
const SERVED = 2;
const BACK = 3;
const CALL = 4;
const SILENCE = 5;
const WAITED = 6;
const CONNECTED = 7;
const KINDS = 8;

/**
 * A world in virtual time. Clients send to their nearest edge, whose router sends on to an endpoint; what happens on the way and at
 * the endpoint happens here. Every try is an entry of the agenda, and nothing of a request waits for a promise. What the
 * product does beside the requests is made of promises: after each such call the world stands still until all have run.
 */
export class Simulation {
  readonly map: WorldMap;
  readonly origins: readonly Origin[];
  readonly scenario: Scenario;
  readonly figures: Figures;
  nowMs = 0;
  /** Another one whenever demand or an endpoint is no longer what it was. */
  version = 0;
  router: Router | undefined;
  /** Told of what the edges tell of themselves. */
  onEvent: ((edge: number, event: Event) => void) | undefined;
  readonly #agenda = new Agenda();
  readonly #connections: Connections;
  readonly #waits: Waits;
  readonly #arrivals: Arrivals;
  readonly #service: Dice;
  readonly #jitter: Float64Array;
  #jitterAt = 0;
  readonly #tries = new Slots<Try>();
  readonly #calls = new Slots<() => void>();
  #stillness = false;
  /** An arrival of an earlier demand is no arrival any more. */
  #demand = 0;

  constructor(map: WorldMap, scenario: Scenario, figures: Figures) {
    this.map = map;
    this.scenario = scenario;
    this.figures = figures;
    this.origins = map.endpoints.map(({ servers }) => new Origin(servers, Math.round(servers * map.spec.queue)));
    this.#connections = new Connections(map.edges.length * map.endpoints.length);
    this.#waits = new Waits((atMs) => this.#agenda.add(atMs, WAITED));
    this.#arrivals = new Arrivals(map);
    this.#service = new Dice(map.spec.seed, 2);
    const jitter = new Dice(map.spec.seed, 3);
    this.#jitter = Float64Array.from({ length: 8192 }, () => jitter.lognormal(1, JITTER));
  }

  /** Runs from the beginning of the scenario to its end. */
  async run(): Promise<void> {
    for (const { atMs, act } of this.scenario.acts) this.call(atMs, () => this.#change(act));
    this.call(this.scenario.measureFromMs, () => this.#measure());
    await stillness();
    while (this.#agenda.nextMs <= this.scenario.endMs) {
      this.nowMs = this.#agenda.nextMs;
      this.#step(this.#agenda.take());
      if (!this.#stillness) continue;
      this.#stillness = false;
      await stillness();
    }
    this.nowMs = this.scenario.endMs;
    this.figures.end(this);
  }

  /** From now on so many requests a second come as the hour and `factors` of each site (1 for none) say. */
  setDemand(utcHour: number, factorOf: (site: number) => number): void {
    this.#arrivals.setDemand(utcHour, factorOf);
    this.#demand += 1;
    this.#nextArrival();
  }

  /** Calls `run` at a time, as an entry of the agenda like any other. */
  call(atMs: number, run: () => void): void {
    this.#agenda.add(Math.max(atMs, this.nowMs), this.#calls.put(run) * KINDS + CALL);
  }

  /** The same for what is made of promises: the world stands still until they have run. */
  callAndSettle(atMs: number, run: () => void): void {
    this.call(atMs, () => {
      this.#stillness = true;
      run();
    });
  }

  /** The time of a trip of `ms`, as it is this once. */
  jittered(ms: number): number {
    this.#jitterAt = (this.#jitterAt + 1) & 8191;
    return ms * (this.#jitter[this.#jitterAt] as number);
  }

  /** Requests a second that come to each edge now. */
  get edgeRates(): Float64Array {
    return this.#arrivals.edgeRates;
  }

  rttMs(edge: number, endpoint: number): number {
    return this.map.edgeMs[edge * this.origins.length + endpoint] as number;
  }

  /** Sends a request to an endpoint. `patienceMs`: after this long without an answer its router is asked; infinite for never. */
  send(flight: Flight, endpoint: number, patienceMs: number): Try {
    const { nowMs } = this;
    const one: Try = {
      flight,
      endpoint,
      sentMs: nowMs,
      slot: 0,
      status: 0,
      dropped: false,
      heard: false,
      attempt: undefined,
    };
    const slot = this.#tries.put(one);
    one.slot = slot;
    flight.sent.push(one);
    this.figures.sent(nowMs, endpoint);
    const { kind } = (this.origins[endpoint] as Origin).trouble;
    const rttMs = this.rttMs(flight.edge, endpoint);
    if (kind === 'refused') this.#agenda.add(nowMs + this.jittered(rttMs), slot * KINDS + SILENCE);
    else {
      const reused = this.#connections.take(this.#pair(one), nowMs);
      if (kind === 'silent') {
        // Over a connection that is there the request goes out, and nobody knows what becomes of it.
        this.#agenda.add(nowMs + (reused ? FIRST_BYTE_MS : CONNECT_MS), slot * KINDS + SILENCE);
        one.status = reused ? LOST : 0;
      } else {
        const dialMs = reused ? 0 : this.jittered(rttMs);
        if (!reused) this.#agenda.add(nowMs + dialMs, slot * KINDS + CONNECTED);
        this.#agenda.add(nowMs + dialMs + this.jittered(rttMs / 2), slot * KINDS + REACHED);
      }
    }
    this.waitOn(one, patienceMs);
    return one;
  }

  /** Has the router asked about a try that has no answer after `ms`; infinite for never. */
  waitOn(one: Try, ms: number): void {
    if (Number.isFinite(ms)) this.#waits.add(one, this.nowMs + ms, ms);
  }

  /** Ends a client's request with what it gets. */
  finish(flight: Flight, status: number, endpoint: number): void {
    flight.done = true;
    this.figures.finished(this.nowMs, flight, status, endpoint);
  }

  #step(word: number): void {
    const at = (word / KINDS) | 0;
    switch (word % KINDS) {
      case ARRIVAL:
        if (at === this.#demand) this.#arrive();
        return;
      case REACHED:
        return this.#reached(this.#tries.get(at));
      case SERVED:
        return this.#served(this.#tries.get(at));
      case BACK:
        return this.#back(this.#tries.get(at));
      case CONNECTED:
        return this.router?.connected?.(this.#tries.get(at));
      case SILENCE:
        return this.#silence(this.#tries.get(at));
      case WAITED:
        return this.#waits.due(this.nowMs, (one) => this.router?.impatient(one));
      default:
        return this.#calls.take(at)();
    }
  }

  #nextArrival(): void {
    this.#agenda.add(this.nowMs + this.#arrivals.untilNextMs(), this.#demand * KINDS + ARRIVAL);
  }

  #arrive(): void {
    this.#nextArrival();
    const site = this.#arrivals.site();
    this.router?.begin({
      edge: this.map.edgeOf[site] as number,
      site,
      get: this.#arrivals.isGet(),
      startMs: this.nowMs,
      done: false,
      exchange: undefined,
      pipeline: undefined,
      sent: [],
    });
  }

  #reached(one: Try): void {
    const origin = this.origins[one.endpoint] as Origin;
    if (origin.trouble.kind === 'silent' || origin.trouble.kind === 'refused') return this.#lose(one);
    const became = origin.enter(one);
    if (became === 'begins') this.#serve(one, origin);
    else if (became === 'full') this.#answer(one, OVERLOADED);
  }

  #serve(one: Try, origin: Origin): void {
    const ms = this.#service.lognormal(this.map.layout.serviceMs, SERVICE_SIGMA);
    origin.busyMs += ms;
    this.#agenda.add(this.nowMs + ms, one.slot * KINDS + SERVED);
  }

  #served(one: Try): void {
    const origin = this.origins[one.endpoint] as Origin;
    const next = origin.leave();
    if (next !== undefined) this.#serve(next, origin);
    const { kind, share = 0 } = origin.trouble;
    if (kind === 'silent' || kind === 'refused') return this.#lose(one);
    this.#answer(one, kind === 'errors' && this.#service.next() < share ? 500 : 200);
  }

  #answer(one: Try, status: number): void {
    const { trouble } = this.origins[one.endpoint] as Origin;
    const slowMs = trouble.kind === 'slow' ? (trouble.ms ?? 0) : 0;
    one.status = status;
    const wayMs = this.jittered(this.rttMs(one.flight.edge, one.endpoint) / 2) + slowMs;
    this.#agenda.add(this.nowMs + wayMs, one.slot * KINDS + BACK);
  }

  /** The endpoint went away with the request. One that refuses says so; of one that is silent nothing is heard. */
  #lose(one: Try): void {
    const refused = (this.origins[one.endpoint] as Origin).trouble.kind === 'refused';
    one.status = LOST;
    const ms = refused ? this.rttMs(one.flight.edge, one.endpoint) / 2 : FIRST_BYTE_MS - (this.nowMs - one.sentMs);
    this.#agenda.add(this.nowMs + Math.max(0, ms), one.slot * KINDS + SILENCE);
  }

  #back(one: Try): void {
    this.#release(one);
    this.#connections.give(this.#pair(one), this.nowMs);
    if (one.dropped) return;
    const overloaded = one.status === OVERLOADED;
    if (overloaded) one.status = 503;
    this.router?.answered(one, overloaded);
  }

  #silence(one: Try): void {
    this.#release(one);
    const lost = one.status === LOST;
    one.status = 0;
    this.#connections.cut(this.#pair(one));
    if (one.dropped) return;
    this.router?.failed(one, this.#broken(one, lost));
  }

  #broken(one: Try, lost: boolean): Broken {
    const waitedMs = this.nowMs - one.sentMs;
    if (lost) return waitedMs >= FIRST_BYTE_MS - 1 ? 'first-byte-timeout' : 'reset';
    return waitedMs >= CONNECT_MS ? 'connect-timeout' : 'connect-refused';
  }

  #release(one: Try): void {
    one.heard = true;
    this.#tries.take(one.slot);
  }

  #pair(one: Try): number {
    return one.flight.edge * this.origins.length + one.endpoint;
  }

  #change(act: (world: Simulation) => void): void {
    act(this);
    this.version += 1;
  }

  #measure(): void {
    for (const origin of this.origins) origin.busyMs = 0;
    this.figures.begin(this);
  }
}

/** Statuses that no client sees: the request went out and nothing came of it; the queue was full. */
const LOST = -1;
const OVERLOADED = -503;
