import { hostPattern } from './host-name.ts';
import type { Fault } from './kind.ts';
import type { Path } from './problem.ts';
import { asList, asMapping, asText, isMapping, type Mapping } from './raw.ts';

/** A request may belong to one service only: no two may have the same host and prefix, and one may take every request. */
export function matchFaults(root: Mapping): readonly Fault[] {
  const taken = new Map<string, string>();
  return Object.entries(asMapping(root['services'])).flatMap(([name, service]) => {
    if (!isMapping(service)) return [];
    const path: Path = ['services', name];
    const match = asMapping(asMapping(service)['match']);
    const prefix = match['prefix'] === undefined ? '/' : asText(match['prefix']);
    if (prefix === undefined) return [];
    const hosts = asList(match['hosts']);
    if (hosts.length === 0) return claim(taken, { name, prefix, host: '', path });
    return hosts.flatMap((given, index) => {
      const read = hostPattern.read(given);
      return read.ok ? claim(taken, { name, prefix, host: read.value, path: [...path, 'match', 'hosts', index] }) : [];
    });
  });
}

/** A service whose prefix is the edge's own path would not get the very requests that it names. */
export function healthPathFaults(root: Mapping): readonly Fault[] {
  const own = asText(asMapping(root['edge'])['health_path']);
  if (own === undefined) return [];
  return Object.entries(asMapping(root['services'])).flatMap(([name, service]) => {
    const prefix = asText(asMapping(asMapping(service)['match'])['prefix']);
    if (prefix !== own) return [];
    const message = 'is edge.health_path too, which the edge answers itself; give one of them another path';
    return [{ path: ['services', name, 'match', 'prefix'], message }];
  });
}

type Claim = { readonly name: string; readonly host: string; readonly prefix: string; readonly path: Path };

function claim(taken: Map<string, string>, { name, host, prefix, path }: Claim): readonly Fault[] {
  const key = `${host} ${prefix}`;
  const holder = taken.get(key);
  if (holder === undefined) taken.set(key, name);
  // A host that one service names twice is the list's own fault.
  if (holder === undefined || holder === name) return [];
  const what = host === '' ? `every request${prefix === '/' ? '' : ` under ${prefix}`}` : `${host}${prefix}`;
  return [
    {
      path,
      message: `takes ${what}, which services.${holder} takes already; give one of them other match.hosts or another match.prefix`,
    },
  ];
}
