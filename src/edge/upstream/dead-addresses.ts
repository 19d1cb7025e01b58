import type { Address } from '../../table/addresses.ts';
import type { Clock } from '../../table/clock.ts';

/** An address that could not be connected to is tried after the others for this long. */
export const DEAD_FOR_MS = 30_000;
/** Addresses remembered; the one that died first is forgotten first. */
export const DEAD_MAX = 4096;

/** Addresses of endpoints that could not be connected to of late, in one edge thread, whichever engine found out. */
export class DeadAddresses {
  readonly #clock: Clock;
  /** Until when, in the order in which they died. */
  readonly #untilMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#untilMs.size;
  }

  isDead(address: Address): boolean {
    if (this.#untilMs.size === 0) return false;
    const key = keyOf(address);
    const untilMs = this.#untilMs.get(key);
    if (untilMs === undefined) return false;
    if (untilMs > this.#clock.nowMs()) return true;
    this.#untilMs.delete(key);
    return false;
  }

  died(address: Address): void {
    const key = keyOf(address);
    this.#untilMs.delete(key);
    if (this.#untilMs.size >= DEAD_MAX) this.#untilMs.delete(this.#untilMs.keys().next().value as string);
    this.#untilMs.set(key, this.#clock.nowMs() + DEAD_FOR_MS);
  }

  /** It took a connection. */
  lived(address: Address): void {
    if (this.#untilMs.size > 0) this.#untilMs.delete(keyOf(address));
  }
}

function keyOf({ host, port }: Address): string {
  return `${host} ${port}`;
}
