import { Dice } from './dice.ts';
import type { Broken, Flight, Router, Try } from './flight.ts';
import type { Simulation } from './simulation.ts';

/** How other balancers choose, each as it is usually described. */
export const PEERS = ['nearest', 'round robin', 'by capacity', 'least connections', 'P2C peak EWMA'] as const;
export type PeerName = (typeof PEERS)[number];

const TRIES_MAX = 3;
const CHECK_MS = 10_000;
const CHECK_TIMEOUT_MS = 2000;
/** Checks in a row that take an endpoint out or bring it back. */
const CHECKS = 2;
/** Failures in a row that take it out for a while. */
const FAILURES = 5;
const OUT_MS = 30_000;
/** Over this time an average forgets. */
const EWMA_MS = 10_000;

/**
 * An edge that balances as one of them, with what all of them have around it: health checks every ten seconds (two bad ones and
 * an endpoint is out), out for half a minute after five failures in a row, and up to three tries where a request may be
 * sent again. Counts are those of the edge itself.
 */
export class PeerRouter implements Router {
  readonly #world: Simulation;
  readonly #name: PeerName;
  readonly #random: () => number;
  readonly #endpoints: number;
  /** By edge and endpoint. */
  readonly #inFlight: Int32Array;
  readonly #down: Uint8Array;
  readonly #checks: Int8Array;
  readonly #failures: Int32Array;
  readonly #outUntilMs: Float64Array;
  readonly #ewmaMs: Float64Array;
  readonly #ewmaAtMs: Float64Array;
  readonly #turn: Int32Array;
  readonly #up: number[] = [];

  constructor(world: Simulation, name: PeerName) {
    const pairs = world.map.edges.length * world.origins.length;
    this.#world = world;
    this.#name = name;
    this.#random = new Dice(world.map.spec.seed, 60).next;
    this.#endpoints = world.origins.length;
    this.#inFlight = new Int32Array(pairs);
    this.#down = new Uint8Array(pairs);
    this.#checks = new Int8Array(pairs);
    this.#failures = new Int32Array(pairs);
    this.#outUntilMs = new Float64Array(pairs);
    this.#ewmaMs = new Float64Array(pairs);
    this.#ewmaAtMs = new Float64Array(pairs);
    this.#turn = new Int32Array(world.map.edges.length);
    for (let pair = 0; pair < pairs; pair += 1) world.call(this.#random() * CHECK_MS, () => this.#check(pair));
  }

  begin(flight: Flight): void {
    this.#send(flight);
  }

  answered(one: Try): void {
    const failed = one.status >= 500;
    this.#settle(one, failed);
    if (failed && one.flight.get && this.#mayRetry(one.flight)) return this.#send(one.flight);
    this.#world.finish(one.flight, one.status, one.endpoint);
  }

  failed(one: Try, how: Broken): void {
    this.#settle(one, true);
    const nothingSent = how === 'connect-refused' || how === 'connect-timeout';
    if ((nothingSent || one.flight.get) && this.#mayRetry(one.flight)) return this.#send(one.flight);
    this.#world.finish(one.flight, 502, -1);
  }

  impatient(): void {}

  #mayRetry(flight: Flight): boolean {
    return flight.sent.length < Math.min(TRIES_MAX, this.#endpoints);
  }

  #send(flight: Flight): void {
    const to = this.#pick(flight);
    const pair = flight.edge * this.#endpoints + to;
    this.#inFlight[pair] = (this.#inFlight[pair] as number) + 1;
    this.#world.send(flight, to, Number.POSITIVE_INFINITY);
  }

  #settle(one: Try, failed: boolean): void {
    const { nowMs } = this.#world;
    const pair = one.flight.edge * this.#endpoints + one.endpoint;
    this.#inFlight[pair] = (this.#inFlight[pair] as number) - 1;
    this.#failures[pair] = failed ? (this.#failures[pair] as number) + 1 : 0;
    if (this.#failures[pair] >= FAILURES) {
      this.#failures[pair] = 0;
      this.#outUntilMs[pair] = nowMs + OUT_MS;
    }
    this.#learn(pair, nowMs - one.sentMs);
  }

  /** A peak counts at once, and is forgotten slowly. */
  #learn(pair: number, ms: number): void {
    const { nowMs } = this.#world;
    const known = this.#ewmaMs[pair] as number;
    const kept = Math.exp(((this.#ewmaAtMs[pair] as number) - nowMs) / EWMA_MS);
    this.#ewmaMs[pair] = ms > known ? ms : known * kept + ms * (1 - kept);
    this.#ewmaAtMs[pair] = nowMs;
  }

  #check(pair: number): void {
    const world = this.#world;
    const { kind } = (world.origins[pair % this.#endpoints] as Simulation['origins'][number]).trouble;
    const good = kind !== 'silent' && kind !== 'refused';
    world.call(world.nowMs + (kind === 'silent' ? CHECK_TIMEOUT_MS : 0), () => this.#checked(pair, good));
    world.call(world.nowMs + CHECK_MS, () => this.#check(pair));
  }

  #checked(pair: number, good: boolean): void {
    const agrees = good === (this.#down[pair] === 0);
    this.#checks[pair] = agrees ? 0 : (this.#checks[pair] as number) + 1;
    if (this.#checks[pair] < CHECKS) return;
    this.#checks[pair] = 0;
    this.#down[pair] = good ? 0 : 1;
  }

  #pick(flight: Flight): number {
    const up = this.#up;
    up.length = 0;
    for (let to = 0; to < this.#endpoints; to += 1) if (this.#isUp(flight, to)) up.push(to);
    if (up.length === 0) {
      for (let to = 0; to < this.#endpoints; to += 1) if (!isTried(flight, to)) up.push(to);
    }
    return this.#choose(flight.edge, up);
  }

  #isUp(flight: Flight, to: number): boolean {
    const pair = flight.edge * this.#endpoints + to;
    const out = (this.#outUntilMs[pair] as number) > this.#world.nowMs;
    return this.#down[pair] === 0 && !out && !isTried(flight, to);
  }

  #choose(edge: number, up: readonly number[]): number {
    switch (this.#name) {
      case 'nearest':
        return this.#least(up, (to) => this.#world.rttMs(edge, to));
      case 'round robin':
        this.#turn[edge] = (this.#turn[edge] as number) + 1;
        return up[this.#turn[edge] % up.length] as number;
      case 'by capacity':
        return this.#byCapacity(up);
      case 'least connections':
        return this.#least(up, (to) => (this.#inFlight[edge * this.#endpoints + to] as number) + this.#random() / 2);
      case 'P2C peak EWMA':
        return this.#ofTwo(edge, up);
      default:
        return this.#name satisfies never;
    }
  }

  #byCapacity(up: readonly number[]): number {
    const servers = (to: number) => this.#world.origins[to]?.servers ?? 0;
    let left = this.#random() * up.reduce((sum, to) => sum + servers(to), 0);
    return up.find((to) => (left -= servers(to)) < 0) ?? (up[0] as number);
  }

  #ofTwo(edge: number, up: readonly number[]): number {
    const one = up[(this.#random() * up.length) | 0] as number;
    const other = up[(this.#random() * up.length) | 0] as number;
    return this.#least([one, other], (to) => {
      const pair = edge * this.#endpoints + to;
      return ((this.#ewmaMs[pair] as number) + 1) * ((this.#inFlight[pair] as number) + 1);
    });
  }

  #least(up: readonly number[], of: (to: number) => number): number {
    let least = up[0] as number;
    let value = of(least);
    for (let at = 1; at < up.length; at += 1) {
      const to = up[at] as number;
      const other = of(to);
      if (other < value) [least, value] = [to, other];
    }
    return least;
  }
}

function isTried(flight: Flight, to: number): boolean {
  return flight.sent.some(({ endpoint }) => endpoint === to);
}
