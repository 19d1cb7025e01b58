import { BlockList, isIPv4 } from 'node:net';
import type { Place } from '../config/topology.ts';
import { RecentMap } from '../table/recent-map.ts';
import type { WeightedPoint } from './country-points.ts';
import { countryPoints } from './country-points.ts';
import type { GeoDatabase } from './maxmind.ts';

/** Where a client is, as well as it is known: one point, or a few with the share of people around each. */
export type Whereabouts = {
  /** Equal exactly for clients with the same points: what to remember estimates by. */
  readonly key: string;
  /** At least one; the weights sum to 1. */
  readonly points: readonly WeightedPoint[];
  readonly country: string;
  readonly precision: 'city' | 'country' | 'edge';
};

/** The country of a client, ISO 3166-1; empty where it is not known: then it is taken to be where the edge is, which says nothing of it. */
export function countryOf({ country, precision }: Pick<Whereabouts, 'country' | 'precision'>): string {
  return precision === 'edge' ? '' : country;
}

/** Addresses remembered per locator; the one unused for longest goes first. */
export const ADDRESSES_MAX = 20_000;

/** Answers where an address is. Belongs to one thread; `swap` takes a new database and forgets what the old one said. */
export class Locator {
  readonly #edge: Whereabouts;
  readonly #byCountry = new Map<string, Whereabouts>();
  readonly #byAddress = new RecentMap<string, Whereabouts>(ADDRESSES_MAX);
  #database: GeoDatabase;

  constructor(database: GeoDatabase, edge: Place) {
    this.#database = database;
    this.#edge = { key: 'edge', points: [{ ...edge, weight: 1 }], country: edge.country, precision: 'edge' };
  }

  /** Private, loopback, unknown and malformed addresses are taken to be where the edge stands. Never throws. */
  locate(address: string): Whereabouts {
    const known = this.#byAddress.get(address);
    if (known !== undefined) return known;
    const found = this.#find(address);
    this.#byAddress.add(address, found);
    return found;
  }

  swap(database: GeoDatabase): void {
    this.#database = database;
    this.#byAddress.clear();
  }

  #find(address: string): Whereabouts {
    if (isSpecial(address)) return this.#edge;
    const located = this.#database.lookup(address);
    if (located === undefined) return this.#edge;
    if (located.latitude !== undefined && located.longitude !== undefined) {
      return atPoint(located.latitude, located.longitude, located.country);
    }
    return this.#inCountry(located.country);
  }

  #inCountry(country: string): Whereabouts {
    const known = this.#byCountry.get(country);
    if (known !== undefined) return known;
    const points = countryPoints(country);
    if (points === undefined) return this.#edge;
    const found: Whereabouts = { key: `c:${country}`, points, country, precision: 'country' };
    this.#byCountry.set(country, found);
    return found;
  }
}

/** Rounded to a tenth of a degree (11 km, 0.1 ms), so that a city is one key and not one per street. */
function atPoint(latitude: number, longitude: number, country: string): Whereabouts {
  const point = { latitude: tenth(latitude), longitude: tenth(longitude), country, weight: 1 };
  const key = `p:${country}:${point.latitude},${point.longitude}`;
  return { key, points: [point], country, precision: 'city' };
}

function tenth(degrees: number): number {
  return Math.round(degrees * 10) / 10 + 0;
}

/** Networks that no public database can place: this host, private, shared, link-local, documentation, multicast. */
const SPECIAL = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['224.0.0.0', 3],
] as const) {
  SPECIAL.addSubnet(network, bits, 'ipv4');
}
for (const [network, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  SPECIAL.addSubnet(network, bits, 'ipv6');
}

function isSpecial(address: string): boolean {
  const zone = address.indexOf('%');
  const bare = zone === -1 ? address : address.slice(0, zone);
  return SPECIAL.check(bare, isIPv4(bare) ? 'ipv4' : 'ipv6');
}
