import { WaitPrice } from '../routing/wait-price.ts';

/** Bounds of what the declared servers are multiplied by. */
export const SERVERS_FIT_MIN = 1 / 64;
export const SERVERS_FIT_MAX = 32;
/** Waits, in times of service, that are no evidence but chance, beside so many standard errors. */
const WAITS_MIN = 0.05;
const WAITS_DOUBT = 1;
/** Where nobody waits, no more than this share of the servers is busy. */
const BUSY_UNWAITED = 0.6;
/** What one look moves of the way to what it finds, as a power. */
const LEARNS = 0.25;
/** What one look forgets where nothing can be learned, as a power. */
const FORGETS = 0.99;

/** What one look saw of an endpoint. */
export type ServersSeen = {
  /** Servers that all edges together keep busy there, as far as this one knows. */
  readonly busy: number;
  /** How long requests wait there, in times of service. */
  readonly waits: number;
  /** Requests that this was seen from. */
  readonly requests: number;
};

/**
 * How many servers an endpoint has for what this edge knows of, over `declared`, from look to look (one a second). How long requests wait tells how busy
 * its servers are, and how many of them are kept busy is known: the servers are the one over the other. Without a fleet that is this
 * edge's part of them. Where nobody waits there are at least so many that nobody would; beyond that the declared ones come back slowly.
 */
export function nextServersFit(fit: number, declared: number, seen: ServersSeen | undefined): number {
  if (seen === undefined) return fit ** FORGETS;
  const { busy, waits, requests } = seen;
  const isNews = waits > WAITS_MIN + WAITS_DOUBT / Math.sqrt(requests);
  const share = isNews ? Math.max(BUSY_UNWAITED, WaitPrice.of(declared).busyAtWait(waits)) : BUSY_UNWAITED;
  const found = Math.max(SERVERS_FIT_MIN, Math.min(SERVERS_FIT_MAX, busy / (share * declared)));
  if (!isNews && found <= fit) return fit ** FORGETS;
  return Math.max(SERVERS_FIT_MIN, Math.min(SERVERS_FIT_MAX, fit ** (1 - LEARNS) * found ** LEARNS));
}
