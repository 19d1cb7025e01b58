import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { Clock, Random } from '../table/clock.ts';
import { startTimer, stopTimer, type Timer } from '../table/timers.ts';
import { type DemoRequest, drawRequest } from './clients.ts';
import { Tally } from './tally.ts';

export type TrafficOptions = {
  readonly host: string;
  readonly port: number;
  /** Requests a second. */
  readonly rate: number;
  readonly clock: Clock;
  readonly random: Random;
  /** Called for every request that was not answered well, with why. */
  readonly onFailure: (reason: string) => void;
  /** Called for every request that has ended, except those that were given up. */
  readonly onEnd?: (ended: { startMs: number; endMs: number; failure: string | undefined }) => void;
};

/** Requests at a time; what would come on top is held back and counted. */
export const IN_FLIGHT_MAX = 2000;
/** A client has no more patience than this. */
export const PATIENCE_MS = 20_000;
/** After a pause of the whole process at most so many seconds' worth of requests are made up for. */
const CATCH_UP_S = 0.25;
const TICK_MS = 5;
const BODY_BYTES_MAX = 65_536;

/**
 * The demo's own clients: GETs at a steady rate, whether the last was answered or not, over connections that are kept.
 * A request has failed when it is not answered with 200 and a whole body.
 */
export class Traffic {
  readonly tally = new Tally();
  readonly #options: TrafficOptions;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT_MAX, maxFreeSockets: IN_FLIGHT_MAX });
  readonly #requests = new Set<ClientRequest>();
  #timer: Timer | undefined;
  #lastMs = 0;
  #due = 0;
  #givenUp = false;
  #idle: (() => void) | undefined;

  constructor(options: TrafficOptions) {
    this.#options = options;
  }

  start(): void {
    this.#lastMs = this.#options.clock.nowMs();
    this.#tick();
  }

  /**
   * Sends no more, waits up to `graceMs` for what is in flight and gives up what is left: that counts neither as
   * answered nor as failed.
   */
  async stop(graceMs: number): Promise<void> {
    stopTimer(this.#timer);
    this.#timer = undefined;
    const timer = startTimer(graceMs, () => this.#giveUp(), undefined);
    if (this.#requests.size > 0) await this.#untilIdle();
    stopTimer(timer);
    this.#agent.destroy();
  }

  #giveUp(): void {
    this.#givenUp = true;
    for (const one of this.#requests) one.destroy();
  }

  #untilIdle(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#idle = resolve;
    return promise;
  }

  #tick(): void {
    const { clock, rate } = this.#options;
    const nowMs = clock.nowMs();
    this.#due = Math.min(this.#due + ((nowMs - this.#lastMs) * rate) / 1000, Math.max(1, rate * CATCH_UP_S));
    this.#lastMs = nowMs;
    for (; this.#due >= 1; this.#due -= 1) this.#sendNext();
    this.#timer = startTimer(TICK_MS, () => this.#tick(), undefined);
  }

  #sendNext(): void {
    const { random } = this.#options;
    if (this.#requests.size >= IN_FLIGHT_MAX) this.tally.holdBack();
    else this.#send(drawRequest(random(), random()));
  }

  #send({ client, priority }: DemoRequest): void {
    const { host, port, clock } = this.#options;
    const startMs = clock.nowMs();
    const headers = {
      'x-forwarded-for': client.address,
      'user-agent': 'meridian-demo',
      ...(priority === undefined ? {} : { 'routing-priority': priority }),
    };
    let settled = false;
    const settle = (failure: string | undefined) => {
      if (settled) return;
      settled = true;
      this.#requests.delete(sending);
      this.#count(failure, startMs);
      if (this.#requests.size === 0) this.#idle?.();
    };
    const sending = request(
      { host, port, path: '/', headers, agent: this.#agent, timeout: PATIENCE_MS },
      (response) => {
        readAnswer(response, settle);
      },
    );
    this.#requests.add(sending);
    this.tally.send();
    sending.on('timeout', () => sending.destroy(new Error(`no answer within ${PATIENCE_MS / 1000} s`)));
    sending.on('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.message));
    sending.end();
  }

  #count(failure: string | undefined, startMs: number): void {
    const nowMs = this.#options.clock.nowMs();
    if (failure !== undefined && this.#givenUp) return this.tally.abandon();
    this.#options.onEnd?.({ startMs, endMs: nowMs, failure });
    if (failure === undefined) return this.tally.succeed(nowMs - startMs, nowMs);
    this.tally.fail();
    this.#options.onFailure(failure);
  }
}

/** Calls `settle` once the body has ended or broken, with what was wrong. */
function readAnswer(response: IncomingMessage, settle: (failure: string | undefined) => void): void {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) response.destroy();
  });
  response.on('error', () => {});
  response.on('close', () => {
    if (!response.complete) settle('the answer broke off');
    else settle(response.statusCode === 200 ? undefined : `status ${response.statusCode}`);
  });
}
