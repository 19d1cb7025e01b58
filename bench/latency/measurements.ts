import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from '../../src/config/topology.ts';
import type { Site } from '../../src/geo/site.ts';
import { siteKm, siteOf } from '../../src/geo/site.ts';

/** A server that round trips were measured from and to. */
export type Node = Place & { readonly name: string; readonly site: Site };
/** One measured round trip, both directions averaged. `cloud`: between two regions of a cloud. */
export type Pair = {
  readonly a: Node;
  readonly b: Node;
  readonly km: number;
  readonly ms: number;
  readonly source: string;
  readonly cloud: boolean;
};

/** Reads `rtt-nodes.csv` (node,latitude,longitude,country,…) and `rtt.csv` (from,to,median_ms,source,…) of a directory. */
export function readMeasurements(directory: string): Pair[] {
  const nodes = new Map<string, Node>();
  for (const [name = '', latitude, longitude, country = ''] of rows(join(directory, 'rtt-nodes.csv'))) {
    const place = { latitude: Number(latitude), longitude: Number(longitude), country };
    nodes.set(name, { ...place, name, site: siteOf(place) });
  }
  return rows(join(directory, 'rtt.csv')).flatMap(([from = '', to = '', ms, source = '']) => {
    const [a, b] = [nodes.get(from), nodes.get(to)];
    if (a === undefined || b === undefined || !(Number(ms) > 0)) return [];
    return [{ a, b, km: siteKm(a.site, b.site), ms: Number(ms), source, cloud: source !== 'wondernetwork' }];
  });
}

/** The columns that are read stand before any quoted one. */
function rows(file: string): string[][] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
}
