import { buildRule } from './build-match.ts';
import { flagKey } from './flag-key.ts';
import type { Fault } from './kind.ts';
import { compareRoutes, covers, type MatchRoute } from './match-order.ts';
import type { Path } from './problem.ts';
import { asMapping, asText, isMapping, type Mapping } from './raw.ts';
import { MATCH_FLAGS_MAX, MATCH_RULE, MATCH_RULES_MAX } from './schema-match.ts';
import { readWith } from './zod-schema.ts';

/** A route to a service, and where in the file it is said. */
type WrittenRoute = MatchRoute & {
  readonly service: string;
  /** Its rule, as messages call it: `match`, or `match[1]` of a list. */
  readonly rule: string;
  readonly host: string;
  readonly at: Path;
};

/**
 * A request may belong to one service only, and every rule must have its turn: a route to a service that comes behind another one of the same host and
 * path, which takes whatever it would take, never does.
 */
export function matchFaults(root: Mapping): readonly Fault[] {
  const places = new Map<string, WrittenRoute[]>();
  const faults = countFaults(root);
  for (const route of routesOf(root)) {
    const place = `${route.host} ${route.exact} ${route.path}`;
    const known = places.get(place) ?? [];
    places.set(place, known);
    known.push(route);
  }
  const shadowed = [...places.values()].flatMap((routes) => {
    const order = routes.toSorted(compareRoutes);
    return order.flatMap((route, i) => {
      const holder = order.slice(0, i).find((before) => covers(before.conditions, route.conditions));
      // What one rule says twice is the list's own fault.
      if (holder === undefined || (holder.service === route.service && holder.rule === route.rule)) return [];
      return [{ path: route.at, message: messageOf(route, holder) }];
    });
  });
  return [...faults, ...flagFaults(root), ...shadowed];
}

/** Each flag takes a cell of the table. */
function flagFaults(root: Mapping): readonly Fault[] {
  const seen = new Set<string>();
  for (const { rule, at } of rulesOf(root)) {
    const read = flagKey.read(rule['flag']);
    if (read.ok) seen.add(read.value);
    if (seen.size <= MATCH_FLAGS_MAX) continue;
    const message = `is one flag more than the ${MATCH_FLAGS_MAX} that rules of one file may go by; let several of them go by one`;
    return [{ path: [...at, 'flag'], message }];
  }
  return [];
}

function countFaults(root: Mapping): readonly Fault[] {
  return Object.entries(asMapping(root['services'])).flatMap(([service, block]) => {
    const { match } = asMapping(block);
    if (!Array.isArray(match) || match.length <= MATCH_RULES_MAX) return [];
    const message = `has ${match.length} rules; at most ${MATCH_RULES_MAX} fit, so make them several services`;
    return [{ path: ['services', service, 'match'], message }];
  });
}

/** A service that is to be had only under the edge's own path would not get the very requests that it names. */
export function healthPathFaults(root: Mapping): readonly Fault[] {
  const own = asText(asMapping(root['edge'])['health_path']);
  if (own === undefined) return [];
  const message = 'is edge.health_path too, which the edge answers itself; give one of them another path';
  return rulesOf(root).flatMap(({ rule, at }) => {
    const faults: Fault[] = [];
    for (const name of ['prefix', 'path'] as const)
      if (rule[name] === own) faults.push({ path: [...at, name], message });
    for (const name of ['prefixes', 'path'] as const) {
      const list = rule[name];
      const index = Array.isArray(list) ? list.indexOf(own) : -1;
      if (index !== -1) faults.push({ path: [...at, name, index], message });
    }
    return faults;
  });
}

type WrittenRule = { readonly service: string; readonly name: string; readonly rule: Mapping; readonly at: Path };

function rulesOf(root: Mapping): readonly WrittenRule[] {
  return Object.entries(asMapping(root['services'])).flatMap(([service, block]) => {
    if (!isMapping(block)) return [];
    const { match } = block;
    const at: Path = ['services', service, 'match'];
    if (Array.isArray(match)) {
      return match.map((rule, i) => ({ service, name: `match[${i}]`, rule: asMapping(rule), at: [...at, i] }));
    }
    return [{ service, name: 'match', rule: asMapping(match), at: match === undefined ? at.slice(0, 2) : at }];
  });
}

/** Every route of every rule that can be read; what cannot is a fault of its own. */
function routesOf(root: Mapping): readonly WrittenRoute[] {
  return rulesOf(root).flatMap(({ service, name, rule, at }) => {
    const read = readWith(MATCH_RULE.schema, rule);
    if ('faults' in read) return [];
    const { hosts, prefixes, paths, conditions } = buildRule(read.value);
    const named =
      hosts.length === 0 ? [{ host: '', place: at }] : hosts.map((host, i) => ({ host, place: [...at, 'hosts', i] }));
    const routes = [
      ...paths.map((path) => ({ path, exact: true, conditions })),
      ...prefixes.map((path) => ({ path, exact: false, conditions })),
    ];
    return named.flatMap(({ host, place }) =>
      routes.map((route) => ({ ...route, service, rule: name, host, at: place })),
    );
  });
}

function messageOf(route: WrittenRoute, holder: WrittenRoute): string {
  const where = route.exact ? `of exactly ${route.path}` : route.path === '/' ? '' : `under ${route.path}`;
  const all = route.conditions === undefined ? 'every request' : 'any request';
  const what = route.host === '' ? `${all}${where === '' ? '' : ` ${where}`}` : `${route.host}${route.path}`;
  const rule = holder.rule === 'match' ? '' : `.${holder.rule}`;
  const by = `services.${holder.service}${rule}`;
  if (route.conditions === undefined) {
    return `takes ${what}, which ${by} takes already; give one of them other match.hosts or another match.prefix`;
  }
  return `can never match ${what}: ${by} comes before it and takes all of that; ask for more than it does, or remove this rule`;
}
