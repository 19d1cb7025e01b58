import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { SHORTAGE_CODES } from '../../table/shortages.ts';

const SHORTAGES: ReadonlySet<string> = new Set(SHORTAGE_CODES);

/**
 * Whether a connection could not be made for want of something here: descriptors, ports, memory. That says nothing about
 * whoever was to be connected to.
 *
 * EADDRNOTAVAIL has two meanings: all local ports towards an address are taken, or this machine has no address of its own from
 * which an IPv6 address could be reached. The latter is a matter of that address.
 */
export function isShortage(error: unknown): boolean {
  const { code, address } = error as { code?: unknown; address?: unknown };
  if (typeof code !== 'string' || !SHORTAGES.has(code)) return false;
  return code !== 'EADDRNOTAVAIL' || typeof address !== 'string' || !isIPv6(address) || speaksIPv6(address);
}

function speaksIPv6(to: string): boolean {
  const own = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  return own.some(({ family, scopeid, internal }) => family === 'IPv6' && scopeid === 0 && internal === (to === '::1'));
}
