import type { Service } from '../config/topology.ts';
import { hashText, limitedAddress, ruleSeed } from '../edge/request/client-key.ts';
import { knownPlace, NO_PLACE } from '../resilience/client-places.ts';
import type { LiveColumns } from '../table/endpoint-table.ts';

/** Which part of limits that a fleet shares is this edge's; what is not shared now is left out. */
export type LimitParts = {
  /** Of what all clients together may ask. */
  readonly all?: number;
  /** Of what this client may: the least, where there are several limits. Only of those that know clients by their addresses. */
  readonly client?: number;
};

type At = {
  readonly columns: Pick<LiveColumns, 'limitShare' | 'limitSeed' | 'clientKey' | 'clientShare' | 'clientsShared'>;
  readonly slot: number;
  readonly address: string;
};

/** Those parts for a client at this address; undefined when there are none. */
export function limitParts({ name, limits }: Service, { columns, slot, address }: At): LimitParts | undefined {
  if (limits?.over !== 'fleet') return undefined;
  const all = limits.rate === undefined ? 0 : (columns.limitShare[slot] as number);
  const parts = limits.clients.flatMap(({ rate, header, certificate, ipv6Prefix }, index) => {
    if (columns.clientsShared[0] !== 1 || rate === undefined) return [];
    if (header !== undefined || certificate !== undefined) return [];
    const key = { set: 0, tag: 0 };
    hashText(limitedAddress(address, ipv6Prefix), ruleSeed(name, index) ^ (columns.limitSeed[0] as number), key);
    const at = knownPlace(columns.clientKey, key.set, key.tag);
    const part = at === NO_PLACE ? 0 : (columns.clientShare[at] as number);
    return part === 0 ? [] : [part];
  });
  if (all === 0 && parts.length === 0) return undefined;
  return { ...(all === 0 ? {} : { all }), ...(parts.length === 0 ? {} : { client: Math.min(...parts) }) };
}
