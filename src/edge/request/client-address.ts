import { isIP } from 'node:net';
import { unmapped } from '../../table/peer-address.ts';
import type { HeaderFields } from '../message/request-head.ts';
import type { Trust } from './proxy-addr.ts';

/** Hops of `X-Forwarded-For` that are looked at; a longer list is somebody's joke. */
export const HOPS_MAX = 32;

export type ClientAddress = {
  readonly address: string;
  /** Whether the peer itself is a trusted proxy, so that its other X-Forwarded-* headers are kept. */
  readonly trustedPeer: boolean;
};

/**
 * The client's own address: the peer's, or, behind trusted proxies, the last one in `X-Forwarded-For` that none of them
 * vouches for. What strangers write into that header is never looked at.
 */
export function clientAddress(peerAddress: string, fields: HeaderFields, trust: Trust): ClientAddress {
  const peer = unmapped(peerAddress);
  if (!trust(peer)) return { address: peer, trustedPeer: false };
  const hops = fields.joined('x-forwarded-for')?.split(',') ?? [];
  let address = peer;
  for (let i = hops.length - 1; i >= Math.max(0, hops.length - HOPS_MAX); i -= 1) {
    const hop = hopAddress(hops[i] as string);
    if (hop === undefined) break;
    address = hop;
    if (!trust(hop)) break;
  }
  return { address, trustedPeer: true };
}

/** `1.2.3.4`, `1.2.3.4:567`, `::1`, `[::1]:567`; undefined for anything else. */
function hopAddress(hop: string): string | undefined {
  const text = hop.trim();
  if (isIP(text) !== 0) return unmapped(text);
  const bracketed = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(text)?.[1];
  const bare = bracketed ?? /^([\d.]+):\d{1,5}$/.exec(text)?.[1];
  return bare !== undefined && isIP(bare) !== 0 ? unmapped(bare) : undefined;
}
