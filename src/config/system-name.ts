import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/** How an edge is called: everywhere, by strangers, and by what outlasts the process. */
export type EdgeName = {
  readonly id: string;
  /** In `Via` and `Proxy-Status`, which endpoints and clients read: a host name says more than they are to know. */
  readonly pseudonym: string;
  /** The same after a restart: alerts are resolved under the name that they were raised under. */
  readonly lastingId: string;
};

/** An id has at most 63 characters; these are left for the host's name, a hyphen and the random part. */
const HOST_CHARS_MAX = 50;
const RANDOM_BYTES = 4;

/** The name of an edge whose file gives it none: made once, so that a reload does not change it. */
export const DEFAULT_NAME: EdgeName = nameOf(hostname(), randomBytes(RANDOM_BYTES).toString('hex'));

/** Two edges without a name of their own must not take each other for themselves: a request through both would be a loop. */
export function nameOf(host: string, random: string): EdgeName {
  const plain = host.replaceAll(/[^A-Za-z0-9._-]/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  const lastingId = plain.slice(0, HOST_CHARS_MAX) || 'edge';
  return { id: `${lastingId}-${random}`, pseudonym: random, lastingId };
}

/** The name of an edge whose file says `id`. */
export function givenName(id: string): EdgeName {
  return { id, pseudonym: id, lastingId: id };
}
