import { CLIENT_LIMITS_MAX } from '../config/topology-limits.ts';

/**
 * What is counted against the limits of services, in cells that all threads share. Clients are told apart by a key each; the keys have
 * `LIMIT_KEYS` places, `LIMIT_WAYS` of which a key may have.
 *
 * The arrival that is due next (see resilience/rate-limit.ts) is in nanoseconds of the table's clock, a 64-bit integer, so that it
 * can be compared and exchanged in one step; the column that holds it is laid as doubles, which are as long.
 */
export const LIMIT_KEYS = 131_072;
export const LIMIT_WAYS = 8;

/** What nobody has a place for yet; a key is never 0. */
export const NO_KEY = 0;

/** The columns of limits, for so many endpoints and services. */
export function limitSpec({ rows, services }: { readonly rows: number; readonly services: number }) {
  return {
    /** What endpoints take of us: until when one is left alone, as it asked, and its refusals in a row; see resilience/rest.ts. */
    restUntilMs: ['f64', rows],
    refusedRun: ['i32', rows],
    /** When the next request of a service is due, and how many of its requests are under way. */
    limitDue: ['f64', services],
    limitHeld: ['i32', services],
    /** Which part of the limit on the requests of a service is this edge's, of a fleet; 0: all of it. See resilience/fleet-share.ts. */
    limitShare: ['f64', services],
    /** The same of clients: whose place it is, when its next is due, how many are under way. */
    clientKey: ['i32', LIMIT_KEYS],
    clientDue: ['f64', LIMIT_KEYS],
    clientHeld: ['i32', LIMIT_KEYS],
    /**
     * Of a fleet whose edges share limits of clients: how many requests were asked for there, round and round, under which rule (`clientRule`), and which
     * part of what the rule says is this edge's; 0: all of it. See fleet/client-shares.ts.
     */
    clientAsked: ['i32', LIMIT_KEYS],
    clientRule: ['i32', LIMIT_KEYS],
    clientShare: ['f64', LIMIT_KEYS],
    /** 1 where edges do that: before, nothing of it is counted. */
    clientsShared: ['i32', 1],
    /**
     * What keys are hashed with, so that nobody outside can choose who shares a place; 0 until the first thread has drawn it. Edges that share limits of
     * clients have one seed (fleet/client-seed.ts), by which a client has the same place and the same key at each.
     */
    limitSeed: ['i32', 1],
  } as const;
}

/** The number of a rule for clients: the place `index` in the list of the service that has the slot. */
export function clientRule(slot: number, index: number): number {
  return slot * CLIENT_LIMITS_MAX + index;
}

/** The cells of a column of doubles as the 64-bit integers that are kept in them. */
export function dueCells({ buffer, byteOffset, length }: Float64Array): BigInt64Array {
  return new BigInt64Array(buffer as SharedArrayBuffer, byteOffset, length);
}
