import { parseDuration } from './duration.ts';
import type { Fault } from './kind.ts';
import type { Path } from './problem.ts';
import { asMapping, asText, isMapping, type Mapping } from './raw.ts';
import { FLEET } from './schema-fleet.ts';
import { parseSize } from './size.ts';
import { didYouMean } from './suggest.ts';
import { STRONG_REGIONS_MIN } from './topology-values.ts';
import { complete } from './zod-schema.ts';

/** Stores that a fleet may have. */
export const FLEET_REGIONS_MAX = 64;

const AT: Path = ['fleet'];

/** What the keys of `fleet` mean for each other and for the edge. */
export function fleetFaults(root: Mapping): readonly Fault[] {
  if (!isMapping(root['fleet'])) return [];
  const { fleet } = root;
  return [
    ...pathFaults(fleet),
    ...(fleet['store'] === 'redis' ? redisFaults(fleet, root) : loneFaults(fleet)),
    ...timeFaults(fleet),
    ...strongFaults(fleet),
    ...roomFaults(fleet),
  ];
}

/** A store in a file has a file. */
function pathFaults({ store, path }: Mapping): readonly Fault[] {
  if (store === 'sqlite' && path === undefined) {
    const message = 'is sqlite, which needs a file; add path: /var/lib/meridian/fleet.sqlite';
    return [{ path: [...AT, 'store'], message }];
  }
  if (path === undefined || store === undefined || store === 'sqlite') return [];
  return [{ path: [...AT, 'path'], message: 'is only for store: sqlite; remove the path' }];
}

/** An edge of several has a name of its own, a store in its region, and no two regions have one store. */
function redisFaults(fleet: Mapping, root: Mapping): readonly Fault[] {
  const regions = asMapping(fleet['regions']);
  const names = Object.keys(regions);
  const faults: Fault[] = [];
  const add = (keys: Path, message: string) => faults.push({ path: [...AT, ...keys], message });
  if (fleet['regions'] === undefined || (isMapping(fleet['regions']) && names.length === 0)) {
    add(['store'], 'is redis, which needs at least one region; add regions: { NAME: { url: redis://host:6379 } }');
  }
  if (names.length > FLEET_REGIONS_MAX) {
    add(['regions'], `has ${names.length} regions; at most ${FLEET_REGIONS_MAX} can be kept in step`);
  }
  if (asMapping(root['edge'])['id'] === undefined) {
    add(
      ['store'],
      'is redis, for which edge.id must be set: two edges of one name would overwrite what each other says',
    );
  }
  if (names.length > 0) faults.push(...ownRegionFaults(fleet, root, names));
  return [...faults, ...storeFaults(regions)];
}

function ownRegionFaults(fleet: Mapping, root: Mapping, names: readonly string[]): readonly Fault[] {
  const given = asText(fleet['region']);
  const standing = asText(asMapping(root['edge'])['region'])?.split('/')[1];
  const own = given ?? standing;
  if (own !== undefined && names.includes(own)) return [];
  const known = names.slice(0, SHOWN_MAX).join(', ');
  if (own === undefined) {
    return [{ path: AT, message: `does not say which of its regions this edge is in; add region: one of ${known}` }];
  }
  if (fleet['region'] !== undefined && given === undefined) return [];
  const message = `"${own}" is not one of fleet.regions${didYouMean(own, names)}; they are ${known}`;
  if (given !== undefined) return [{ path: [...AT, 'region'], message }];
  return [{ path: AT, message: `needs region, since that of edge.region, ${message}` }];
}

const SHOWN_MAX = 8;

function storeFaults(regions: Mapping): readonly Fault[] {
  const regionOf = new Map<string, string>();
  return Object.entries(regions).flatMap(([name, region]): Fault[] => {
    const { url, ca } = asMapping(region);
    const path = [...AT, 'regions', name];
    const faults: Fault[] = [];
    if (ca !== undefined && asText(url)?.startsWith('redis://')) {
      faults.push({
        path: [...path, 'ca'],
        message: 'is only for rediss:// (TLS); begin the url with it, or remove the ca',
      });
    }
    const where = whereOf(asText(url));
    const other = where === undefined ? undefined : regionOf.get(where);
    if (other !== undefined) {
      faults.push({ path: [...path, 'url'], message: `is the store of ${other} already; each region has its own` });
    } else if (where !== undefined) regionOf.set(where, name);
    return faults;
  });
}

/** Host, port and database: two users of one server are still one store. */
function whereOf(text: string | undefined): string | undefined {
  const url = URL.parse(text ?? '');
  return url === null ? undefined : `${url.hostname}:${url.port || '6379'}/${url.pathname.replace('/', '') || '0'}`;
}

/** Regions are for servers that several edges can reach. */
function loneFaults({ store, regions, region }: Mapping): readonly Fault[] {
  if (store === undefined || (regions === undefined && region === undefined)) return [];
  const at = regions === undefined ? 'region' : 'regions';
  return [
    { path: [...AT, at], message: `is only for store: redis; with ${asText(store) ?? 'another'} an edge is alone` },
  ];
}

/** Most regions are more than one only of three or more, and what they agree on needs no merge. */
function strongFaults({ store, regions, consistency, merge }: Mapping): readonly Fault[] {
  const strong = Object.entries(asMapping(consistency)).filter(([, word]) => word === 'strong');
  const count = store === 'redis' ? Object.keys(asMapping(regions)).length : 1;
  const merges = asMapping(merge);
  return strong.flatMap(([prefix]): Fault[] => {
    const path = [...AT, 'consistency', prefix];
    if (count < STRONG_REGIONS_MIN) {
      return [
        {
          path,
          message: `is strong, which needs ${STRONG_REGIONS_MIN} regions at least, and there ${count === 1 ? 'is' : 'are'} ${count}; add regions, or write eventual`,
        },
      ];
    }
    if (merges[prefix] === undefined) return [];
    return [
      {
        path: [...AT, 'merge', prefix],
        message:
          'is for keys that fleet.consistency makes strong, of which there are never two values; remove one of them',
      },
    ];
  });
}

/** Room for nothing is a key that was meant otherwise. */
function roomFaults({ values }: Mapping): readonly Fault[] {
  const { bytes } = asMapping(values);
  if (bytes !== 0 && parseSize(asText(bytes) ?? '') !== 0) return [];
  return [{ path: [...AT, 'values', 'bytes'], message: 'is 0, so that nothing could be kept; leave it out for 1MiB' }];
}

/** One report that is late must not make an edge forgotten. */
function timeFaults({ report, forget }: Mapping): readonly Fault[] {
  const defaults = complete(FLEET);
  const reportMs = parseDuration(asText(report) ?? '') ?? defaults.report;
  const forgetMs = parseDuration(asText(forget) ?? '') ?? defaults.forget;
  if (forgetMs >= 2 * reportMs) return [];
  const at = forget === undefined ? 'report' : 'forget';
  const message = `makes forget (${forgetMs} ms) shorter than twice report (${reportMs} ms); one late report would be forgotten`;
  return [{ path: [...AT, at], message }];
}
