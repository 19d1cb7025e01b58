import { isIPv4 } from 'node:net';
import { addressText } from '../config/authority.ts';
import { compareText } from '../config/compare-text.ts';
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
 * so that all edges of a fleet, and this one tomorrow, use the same ones as far as can be.
 */
export function expanded(topology: Topology, book: AddressBook, before: ReadonlySet<string>): Expanded {
  const expands = topology.services.some(({ endpoints }) => endpoints.some(({ expand }) => expand !== undefined));
  if (!expands) return { topology, book, beyond: [] };
  const ownBook: Record<string, readonly Address[]> = { ...book };
  const beyond: { endpoint: string; addresses: number; used: number }[] = [];
  const membersOf = (endpoint: Endpoint): readonly Endpoint[] => {
    const found = book[endpoint.id];
    if (endpoint.expand === undefined || found === undefined || found.length === 0) return [endpoint];
    const addresses = oneFamily(found);
    const members = addresses.map((address) => ({ address, id: memberId(endpoint, address) }));
    const used = members
      .toSorted((a, b) => Number(before.has(b.id)) - Number(before.has(a.id)) || compareText(a.id, b.id))
      .slice(0, endpoint.expand);
    if (used.length < members.length) {
      beyond.push({ endpoint: endpoint.id, addresses: members.length, used: used.length });
    }
    delete ownBook[endpoint.id];
    for (const { address, id } of used) ownBook[id] = Object.freeze([address]);
    const { expand: _, ...rest } = endpoint;
    return used
      .map(({ id }) => Object.freeze({ ...rest, id, memberOf: endpoint.id }))
      .toSorted((a, b) => compareText(a.id, b.id));
  };
  const services = topology.services.map((service) =>
    service.endpoints.some(({ expand }) => expand !== undefined)
      ? Object.freeze({ ...service, endpoints: Object.freeze(service.endpoints.flatMap(membersOf)) })
      : service,
  );
  return {
    topology: Object.freeze({ ...topology, services: Object.freeze(services) }),
    book: Object.freeze(ownBook),
    beyond,
  };
}

/** The ids of all endpoints of a topology. */
export function idsOf({ services }: Topology): ReadonlySet<string> {
  return new Set(services.flatMap(({ endpoints }) => endpoints.map(({ id }) => id)));
}

/** An address is named with its port only where SRV says another one. No path has a `#`. */
function memberId({ id, url }: Endpoint, { host, port }: Address): string {
  return `${id}#${port === url.port ? host : addressText(host, port)}`;
}

function oneFamily(addresses: readonly Address[]): readonly Address[] {
  const v4 = addresses.filter(({ host }) => isIPv4(host));
  return v4.length > 0 ? v4 : addresses;
}
