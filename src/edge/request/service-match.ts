import { compareRoutes, type MatchRoute } from '../../config/match-order.ts';
import type { Service } from '../../config/topology.ts';
import { type Asking, Conditions, type Flags, NO_FLAGS } from './match-conditions.ts';

/** What was registered for the service that a request is for, and which of its rules holds. */
export type Matched<T> = { readonly value: T; readonly rule: number };

/** Which service a request is for: by its host, then by the route of that host that asks for most, in the order of `compareRoutes`. */
export class ServiceMatcher<T> {
  readonly #exact = new Map<string, Route<T>[]>();
  /** Suffixes that begin with a dot, longest first. */
  readonly #wildcards: { readonly suffix: string; readonly routes: Route<T>[] }[] = [];
  readonly #any: Route<T>[] = [];
  /** Whether any path is more than the prefix `/`; if none is, paths need not be looked at. */
  readonly #byPath: boolean;
  /** Whether more than host and path is asked by any rule. */
  readonly isConditional: boolean;
  #lastHost = '';
  #lastName = '';

  /** Without `flags`, all of them are off. */
  constructor(services: readonly (readonly [Pick<Service, 'match'>, T])[], flags: Flags = NO_FLAGS) {
    for (const [{ match }, value] of services) {
      for (const [rule, { hosts, prefixes, paths, conditions }] of match.entries()) {
        const holds = conditions === undefined ? undefined : new Conditions(conditions, flags);
        const shared = { value, rule, conditions, holds };
        const routes = [
          ...paths.map((path) => ({ ...shared, path, exact: true })),
          ...prefixes.map((path) => ({ ...shared, path, exact: false })),
        ];
        if (hosts.length === 0) this.#any.push(...routes);
        for (const host of hosts) this.#routesFor(host.toLowerCase()).push(...routes);
      }
    }
    this.#wildcards.sort((a, b) => b.suffix.length - a.suffix.length);
    const all = [this.#any, ...this.#exact.values(), ...this.#wildcards.map((w) => w.routes)];
    for (const routes of all) routes.sort(compareRoutes);
    this.#byPath = all.some((routes) => routes.some(({ path, exact }) => exact || path !== '/'));
    this.isConditional = all.some((routes) => routes.some(({ holds }) => holds !== undefined));
  }

  /**
   * What was registered for the service of this `Host` (with or without a port) and target; undefined if there is none. `asking` is what
   * conditions are asked of; without it, those that have any do not hold.
   */
  find(host: string, target: string, asking?: Asking): T | undefined {
    return this.match(host, target, asking)?.value;
  }

  /** The same with the rule that holds. */
  match(host: string, target: string, asking?: Asking): Matched<T> | undefined {
    const path = this.#byPath ? pathForMatching(target) : '/';
    const name = this.#nameOf(host);
    return (
      first(this.#exact.get(name), path, asking) ?? this.#wildcard(name, path, asking) ?? first(this.#any, path, asking)
    );
  }

  /** Most requests name the same host as the one before. */
  #nameOf(host: string): string {
    if (host === this.#lastHost) return this.#lastName;
    this.#lastHost = host;
    this.#lastName = hostName(host);
    return this.#lastName;
  }

  #routesFor(host: string): Route<T>[] {
    if (host.startsWith('*.')) {
      const suffix = host.slice(1);
      const known = this.#wildcards.find((wildcard) => wildcard.suffix === suffix);
      if (known !== undefined) return known.routes;
      const routes: Route<T>[] = [];
      this.#wildcards.push({ suffix, routes });
      return routes;
    }
    const routes = this.#exact.get(host) ?? [];
    this.#exact.set(host, routes);
    return routes;
  }

  #wildcard(name: string, path: string, asking: Asking | undefined): Matched<T> | undefined {
    for (const { suffix, routes } of this.#wildcards) {
      if (!name.endsWith(suffix)) continue;
      const found = first(routes, path, asking);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

type Route<T> = Matched<T> & MatchRoute & { readonly holds: Conditions | undefined };

function first<T>(
  routes: readonly Route<T>[] | undefined,
  path: string,
  asking: Asking | undefined,
): Matched<T> | undefined {
  if (routes === undefined) return undefined;
  for (const route of routes) {
    const here = route.exact ? path === route.path : hasPrefix(path, route.path);
    if (here && (route.holds === undefined || (asking !== undefined && route.holds.hold(asking)))) return route;
  }
  return undefined;
}

/** `/api` covers `/api` and `/api/x`, not `/apix`. */
function hasPrefix(path: string, prefix: string): boolean {
  if (!path.startsWith(prefix)) return false;
  return prefix.endsWith('/') || path.length === prefix.length || path[prefix.length] === '/';
}

function hostName(host: string): string {
  const colon = host.lastIndexOf(':');
  const name = colon > host.lastIndexOf(']') ? host.slice(0, colon) : host;
  const lower = name.toLowerCase();
  return lower.endsWith('.') ? lower.slice(0, -1) : lower;
}

/**
 * The path as an origin is likely to understand it: decoded, without parameters (`;x`), with dot segments resolved. Only for
 * finding the service, so that `/public/..%2fadmin` is not taken for something public; what is forwarded are the client's
 * bytes.
 */
function pathForMatching(target: string): string {
  const query = target.indexOf('?');
  const raw = query === -1 ? target : target.slice(0, query);
  if (!UNTIDY.test(raw)) return raw;
  const segments: string[] = [];
  let endsInSlash = false;
  for (const segment of decoded(raw).split(/[/\\]/)) {
    const name = segment.split(';', 1)[0] as string;
    endsInSlash = name === '' || name === '.' || name === '..';
    if (name === '..') segments.pop();
    else if (!endsInSlash) segments.push(name);
  }
  return `/${segments.join('/')}${endsInSlash && segments.length > 0 ? '/' : ''}`;
}

const UNTIDY = /[.%;\\]|\/\//;

function decoded(path: string): string {
  return path.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
