import type { Try } from './flight.ts';

/** What is wrong with an endpoint. `flapping` ones refuse half of the time; the scenario switches them. */
export type Trouble = {
  readonly kind: 'well' | 'silent' | 'refused' | 'slow' | 'errors';
  /** `slow`: added to each answer. */
  readonly ms?: number;
  /** `errors`: the share of answers that are a 500. */
  readonly share?: number;
};

export const WELL: Trouble = { kind: 'well' };

/**
 * An endpoint as it works: `servers` requests at a time, some in its queue, and 503 for whoever comes when that is full. Requests
 * wait in the order in which they came.
 */
export class Origin {
  readonly servers: number;
  trouble: Trouble = WELL;
  /** Time that its servers have worked, since the figures began. */
  busyMs = 0;
  #busy = 0;
  readonly #queue: Try[] = [];
  #head = 0;

  readonly #queueMax: number;

  constructor(servers: number, queueMax: number) {
    this.servers = servers;
    this.#queueMax = queueMax;
  }

  /** Requests that are being worked on or wait. */
  get load(): number {
    return this.#busy + this.#queue.length - this.#head;
  }

  /** How long one that comes now waits until a server is free, where each takes so long on average. */
  waitMs(serviceMs: number): number {
    return (Math.max(0, this.load + 1 - this.servers) / this.servers) * serviceMs;
  }

  /** Takes a try in: a server takes it at once, or it waits, or nobody has room for it. */
  enter(one: Try): 'begins' | 'waits' | 'full' {
    if (this.#busy < this.servers) {
      this.#busy += 1;
      return 'begins';
    }
    if (this.#queue.length - this.#head >= this.#queueMax) return 'full';
    this.#queue.push(one);
    return 'waits';
  }

  /** A server has done; the try that it takes next, if one waits. */
  leave(): Try | undefined {
    const next = this.#queue[this.#head];
    if (next === undefined) {
      this.#busy -= 1;
      return undefined;
    }
    this.#head += 1;
    if (this.#head > 1024 || this.#head === this.#queue.length) {
      this.#queue.splice(0, this.#head);
      this.#head = 0;
    }
    return next;
  }
}
