import type { Fault } from '../../../resilience/fault.ts';
import { Deadline, type Deadlines } from '../../../table/deadlines.ts';
import type { ConnectHandler } from '../pool.ts';
import type { Upstream } from '../upstream.ts';

/** A connection that is being made, for one request or for all that wait. */
export type Dialling = {
  /** It is of HTTP/1.1, for one request at a time. */
  readonly connected: (upstream: Upstream) => void;
  readonly failed: (fault: Fault) => void;
  /** It is there, and whoever waits is served by it. */
  readonly ended: () => void;
};

export type WaitingPlan = {
  readonly deadlines: Deadlines;
  /** How long a connection may take to be made before another one is begun, in ms. */
  readonly connectMs: number;
  /** Begins to make a connection; returns how to call it off. */
  readonly dial: (dialling: Dialling) => () => void;
};

/**
 * Requests that wait for a connection, first come first served. One connection is made for all of them, not one each: it will carry them
 * all. How long each waits is for itself to say; how many there are is bounded by the clients' requests.
 */
export class Waiting {
  readonly #plan: WaitingPlan;
  readonly #handlers = new Set<ConnectHandler>();
  /** How to call off the connections that are made for one request each. */
  readonly #alone = new Map<ConnectHandler, () => void>();
  readonly #overdue = new Deadline(() => this.#again());
  #cancel: (() => void) | undefined;

  constructor(plan: WaitingPlan) {
    this.#plan = plan;
  }

  get size(): number {
    return this.#handlers.size;
  }

  /** Takes one out that is to be served; undefined when nobody waits. */
  first(): ConnectHandler | undefined {
    for (const handler of this.#handlers) {
      this.#remove(handler);
      return handler;
    }
    return undefined;
  }

  /** Has `handler` wait; with `mayDial` a connection is made, unless one is on its way. Returns how to call it off. */
  add(handler: ConnectHandler, mayDial: boolean): () => void {
    this.#handlers.add(handler);
    if (mayDial) this.dial();
    return () => this.#remove(handler);
  }

  /** A connection for one request alone. Returns how to call it off. */
  alone(handler: ConnectHandler): () => void {
    const cancel = this.#plan.dial({
      connected: (upstream) => {
        this.#alone.delete(handler);
        handler.connected(upstream);
      },
      failed: (fault) => {
        this.#alone.delete(handler);
        handler.notConnected(fault);
      },
      // The endpoint speaks HTTP/2 after all: it is served like anybody else.
      ended: () => {
        this.#alone.delete(handler);
        this.#handlers.add(handler);
      },
    });
    this.#alone.set(handler, cancel);
    return () => this.#remove(handler);
  }

  /** Makes a connection for whoever waits, unless one is on its way. */
  dial(): void {
    if (this.#cancel !== undefined) return;
    this.#plan.deadlines.arm(this.#overdue, this.#plan.connectMs);
    this.#cancel = this.#plan.dial({
      connected: (upstream) => {
        this.#ended();
        const first = this.first();
        if (first === undefined) upstream.destroy();
        else first.connected(upstream);
        // A connection for one request at a time: everybody else needs one of its own.
        for (const handler of this.#takeAll()) this.alone(handler);
      },
      failed: (fault) => {
        this.#ended();
        for (const handler of this.#takeAll()) handler.notConnected(fault);
      },
      ended: () => this.#ended(),
    });
  }

  #takeAll(): readonly ConnectHandler[] {
    const all = [...this.#handlers];
    this.#handlers.clear();
    return all;
  }

  #remove(handler: ConnectHandler): void {
    this.#alone.get(handler)?.();
    this.#alone.delete(handler);
    if (this.#handlers.delete(handler) && this.#handlers.size === 0) this.#callOff();
  }

  #callOff(): void {
    const cancel = this.#cancel;
    this.#ended();
    cancel?.();
  }

  #ended(): void {
    this.#cancel = undefined;
    this.#plan.deadlines.remove(this.#overdue);
  }

  /** It takes too long for those who have begun to wait since. */
  #again(): void {
    this.#callOff();
    if (this.#handlers.size > 0) this.dial();
  }
}
