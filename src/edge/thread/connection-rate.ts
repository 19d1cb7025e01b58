import type { ConnectionLimit } from '../../config/topology-limits.ts';
import { NO_PLACE, placeOf } from '../../resilience/client-places.ts';
import { nanoseconds, type Rate, rateOf, takeRate } from '../../resilience/rate-limit.ts';
import type { Clock } from '../../table/clock.ts';
import { type ClientKey, hashText, limitedAddress } from '../request/client-key.ts';
import type { LimitCells } from '../request/limit-cells.ts';
import type { Trust } from '../request/proxy-addr.ts';

export type ConnectionRateParts = {
  readonly cells: Pick<LimitCells, 'clients' | 'seed'>;
  readonly clock: Clock;
  /** As the file has it now; undefined: any number may come. */
  readonly limit: () => ConnectionLimit | undefined;
  /** Peers that speak for many clients. */
  readonly trusted: () => Trust;
};

/**
 * How many connections each client may open, by all edge threads together: they are counted in the places that requests of clients are counted
 * in (resilience/client-places.ts), under names of their own.
 */
export class ConnectionRate {
  readonly #parts: ConnectionRateParts;
  readonly #key: ClientKey = { set: 0, tag: 0 };
  #limit: ConnectionLimit | undefined;
  #rate: Rate = rateOf(1, 1);

  constructor(parts: ConnectionRateParts) {
    this.#parts = parts;
  }

  /** Whether this address may open one more now; if so, it is counted. Where nobody has a place for it, it passes. */
  admits(address: string): boolean {
    const { cells, clock, limit, trusted } = this.#parts;
    const now = limit();
    if (now === undefined) return true;
    if (now !== this.#limit) {
      this.#limit = now;
      this.#rate = rateOf(now.rate.requestsPerSecond, now.rate.burst);
    }
    if (trusted()(address)) return true;
    hashText(limitedAddress(address, now.ipv6Prefix), (cells.seed[0] as number) ^ CONNECTIONS, this.#key);
    const nowNs = nanoseconds(clock.nowMs());
    const at = placeOf(cells.clients, this.#key.set, this.#key.tag, nowNs);
    return at === NO_PLACE || takeRate(cells.clients.due, at, nowNs, this.#rate) === 0;
  }
}

/** Keeps an address that opens connections apart from one that asks. */
const CONNECTIONS = 0x636f6e6e;
