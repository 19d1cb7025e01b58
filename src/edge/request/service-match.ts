import type { Service } from '../../config/topology.ts';

/** Which service a request is for: by its host, then by the longest prefix of its path. */
export class ServiceMatcher<T> {
  readonly #exact = new Map<string, Route<T>[]>();
  /** Suffixes that begin with a dot, longest first. */
  readonly #wildcards: { readonly suffix: string; readonly routes: Route<T>[] }[] = [];
  readonly #any: Route<T>[] = [];
  /** Whether any prefix is longer than `/`; if none is, paths need not be looked at. */
  readonly #byPath: boolean;
  #lastHost = '';
  #lastName = '';

  constructor(services: readonly (readonly [Service, T])[]) {
    this.#byPath = services.some(([service]) => service.match.prefix !== '/');
    for (const [service, value] of services) {
      const route = { prefix: service.match.prefix, value };
      if (service.match.hosts.length === 0) this.#any.push(route);
      for (const host of service.match.hosts) this.#routesFor(host.toLowerCase()).push(route);
    }
    this.#wildcards.sort((a, b) => b.suffix.length - a.suffix.length);
    for (const routes of [this.#any, ...this.#exact.values(), ...this.#wildcards.map((w) => w.routes)]) {
      routes.sort((a, b) => b.prefix.length - a.prefix.length);
    }
  }

  /** What was registered for the service of this `Host` (with or without a port) and target; undefined if there is none. */
  find(host: string, target: string): T | undefined {
    const path = this.#byPath ? pathForMatching(target) : '/';
    const name = this.#nameOf(host);
    return first(this.#exact.get(name), path) ?? this.#wildcard(name, path) ?? first(this.#any, path);
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

  #wildcard(name: string, path: string): T | undefined {
    for (const { suffix, routes } of this.#wildcards) {
      if (!name.endsWith(suffix)) continue;
      const found = first(routes, path);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

type Route<T> = { readonly prefix: string; readonly value: T };

function first<T>(routes: readonly Route<T>[] | undefined, path: string): T | undefined {
  return routes?.find((route) => hasPrefix(path, route.prefix))?.value;
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
