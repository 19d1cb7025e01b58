import { isIPv6 } from 'node:net';
import { type Address, rotated } from '../../table/addresses.ts';

/** Addresses of one endpoint that one connection attempt goes through. */
export const ADDRESSES_TRIED_MAX = 6;

/**
 * In which order one attempt goes through the addresses of an endpoint: each attempt begins one further on, so that they share
 * the load; those that are dead come last; and IPv4 and IPv6 take turns (RFC 8305 §4), because what is broken is often
 * a whole family.
 */
export function addressOrder(
  addresses: readonly Address[],
  first: number,
  isDead: (address: Address) => boolean,
): readonly Address[] {
  if (addresses.length <= 1) return addresses;
  const inTurn = rotated(addresses, first);
  const living = inTurn.filter((address) => !isDead(address));
  const dead = living.length === inTurn.length ? [] : inTurn.filter((address) => !living.includes(address));
  return [...familiesInTurn(living), ...familiesInTurn(dead)].slice(0, ADDRESSES_TRIED_MAX);
}

/** The family of the first one begins. */
function familiesInTurn(addresses: readonly Address[]): readonly Address[] {
  const firstIsV6 = isIPv6(addresses[0]?.host ?? '');
  const same = addresses.filter(({ host }) => isIPv6(host) === firstIsV6);
  if (same.length === addresses.length) return addresses;
  const other = addresses.filter(({ host }) => isIPv6(host) !== firstIsV6);
  return Array.from({ length: Math.max(same.length, other.length) }, (_, i) => [same[i], other[i]])
    .flat()
    .filter((address) => address !== undefined);
}
