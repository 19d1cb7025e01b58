import { isIPv4 } from 'node:net';
import { addressText } from '../config/authority.ts';
import { compareText } from '../config/compare-text.ts';
import { endpointsOf } from '../config/owners.ts';
import type { Endpoint, Topology } from '../config/topology.ts';
import type { Address, AddressBook } from '../table/addresses.ts';

/** What the file says with each name that is to be expanded in place of which there are its addresses. */
export type Expanded = {
  readonly topology: Topology;
  readonly book: AddressBook;
  /** Endpoints whose names have more addresses than they may expand to, and how many those are. */
  readonly beyond: readonly { readonly endpoint: string; readonly addresses: number; readonly used: number }[];
};

/**
 * A topology in which every address of an endpoint with `expand` is an endpoint of its own: with its row, health, breaker and
 * capacity. It is called as the endpoint is, with the address behind it: `shop/aws/us-east-1/shop.internal:8080#10.0.0.7`. Until a name is
 * first resolved the endpoint stands for itself; after that the last good answer stands. Of two families one is used, since both lead to the same machines:
 * IPv4 where there is any. `before` are the ids that are in force: of more addresses than may be used, those that are used already stay, then they go by their order,
 * so that all edges of a fleet, and this one tomorrow, use the same ones as far as can be. Endpoints of a backend are expanded once, and every service that sends to it
 * has the same members.
 */
export function expanded(topology: Topology, book: AddressBook, before: ReadonlySet<string>): Expanded {
  const named = endpointsOf(topology).filter(({ expand }) => expand !== undefined);
  if (named.length === 0) return { topology, book, beyond: [] };
  const ownBook: Record<string, readonly Address[]> = { ...book };
  const beyond: { endpoint: string; addresses: number; used: number }[] = [];
  const members = new Map<string, readonly string[]>();
  for (const endpoint of named) {
    const found = membersOf(endpoint, book[endpoint.id] ?? [], before);
    if (found.length === 0) continue;
    const used = found.slice(0, endpoint.expand);
    if (used.length < found.length) {
      beyond.push({ endpoint: endpoint.id, addresses: found.length, used: used.length });
    }
    delete ownBook[endpoint.id];
    for (const { id, address } of used) ownBook[id] = Object.freeze([address]);
    members.set(endpoint.id, used.map(({ id }) => id).toSorted(compareText));
  }
  const inPlace = <Owner extends { readonly endpoints: readonly Endpoint[] }>(owner: Owner): Owner =>
    owner.endpoints.some(({ id }) => members.has(id))
      ? Object.freeze({ ...owner, endpoints: Object.freeze(owner.endpoints.flatMap((one) => asMembers(one, members))) })
      : owner;
  const { services, backends } = topology;
  return {
    topology: Object.freeze({
      ...topology,
      services: Object.freeze(services.map(inPlace)),
      ...(backends === undefined ? {} : { backends: Object.freeze(backends.map(inPlace)) }),
    }),
    book: Object.freeze(ownBook),
    beyond,
  };
}

/** The ids of all endpoints of a topology. */
export function idsOf(topology: Topology): ReadonlySet<string> {
  return new Set(endpointsOf(topology).map(({ id }) => id));
}

type Member = { readonly id: string; readonly address: Address };

/** The addresses of an endpoint, those first that are in force already. */
function membersOf(endpoint: Endpoint, found: readonly Address[], before: ReadonlySet<string>): readonly Member[] {
  return oneFamily(found)
    .map((address) => ({ address, id: memberId(endpoint, address) }))
    .toSorted((a, b) => Number(before.has(b.id)) - Number(before.has(a.id)) || compareText(a.id, b.id));
}

/** What a service, or a backend, says of an endpoint is said of each of its members: they have its weight, tier and set there. */
function asMembers(endpoint: Endpoint, members: ReadonlyMap<string, readonly string[]>): readonly Endpoint[] {
  const ids = members.get(endpoint.id);
  if (ids === undefined) return [endpoint];
  const { expand: _, ...rest } = endpoint;
  return ids.map((id) => Object.freeze({ ...rest, id, memberOf: endpoint.id }));
}

/** An address is named with its port only where SRV says another one. No path has a `#`. */
function memberId({ id, url }: Endpoint, { host, port }: Address): string {
  return `${id}#${port === url.port ? host : addressText(host, port)}`;
}

function oneFamily(addresses: readonly Address[]): readonly Address[] {
  const v4 = addresses.filter(({ host }) => isIPv4(host));
  return v4.length > 0 ? v4 : addresses;
}
