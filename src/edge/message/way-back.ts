import { plainAuthority } from '../../config/authority.ts';

/** What an endpoint takes for its own address, and where its clients find that. */
export type WayBack = {
  /** What an endpoint may call itself: the `Host` that it was sent and its own authority. */
  readonly authorities: readonly string[];
  readonly client: { readonly scheme: 'http' | 'https'; readonly host: string };
  /** The client's path for one of the endpoint's; undefined when there is none. */
  readonly path: (path: string) => string | undefined;
};

/**
 * Header lines of an answer in which `Location`, `Content-Location` and the paths and domains of cookies are those of the client's side.
 * What is not the endpoint's own address is left as it is.
 */
export function mappedBack(lines: string, way: WayBack): string {
  if (!MAPPED.test(lines)) return lines;
  return lines.replaceAll(MAPPED_LINES, (line, name: string, blank: string, value: string) => {
    const mapped = name.length === COOKIE.length ? cookieBack(value, way) : referenceBack(value, way);
    return mapped === value ? line : `${name}:${blank}${mapped}\r\n`;
  });
}

const COOKIE = 'set-cookie';
const MAPPED = /^(?:location|content-location|set-cookie):/im;
const MAPPED_LINES = /^(location|content-location|set-cookie):([ \t]*)([^\r]*)\r\n/gim;

/** A reference to a resource (RFC 3986 §4.1), as the client needs it. */
export function referenceBack(reference: string, way: WayBack): string {
  const parts = REFERENCE.exec(reference);
  if (parts === null) return reference;
  const [, scheme, authority, path = '', rest = ''] = parts;
  if (authority !== undefined) return addressBack({ reference, scheme, authority, path, rest }, way);
  // A relative one is taken from where the client asked, and what is before and behind it there is the same.
  return scheme === undefined && path.startsWith('/') ? (way.path(path) ?? path) + rest : reference;
}

type Parts = {
  readonly reference: string;
  readonly scheme: string | undefined;
  readonly authority: string;
  readonly path: string;
  /** Query and fragment. */
  readonly rest: string;
};

/** One that names a host. */
function addressBack({ reference, scheme, authority, path, rest }: Parts, way: WayBack): string {
  const protocol = (scheme ?? way.client.scheme).toLowerCase();
  if (protocol !== 'http' && protocol !== 'https') return reference;
  const side = sideOf(protocol, authority, way);
  const found = side === 'other' ? undefined : way.path(path === '' ? '/' : path);
  if (found === undefined) return reference;
  // One that knows whom the client asked may mean the scheme that it names.
  const origin = side === 'client' ? reference.slice(0, reference.indexOf('//') + 2 + authority.length) : originOf(way);
  return (path === '' && found === '/' ? origin : origin + found) + rest;
}

/** Whose an address is: the endpoint's own, the one that the client asked, or somebody else's. */
function sideOf(protocol: 'http' | 'https', authority: string, { client, authorities }: WayBack): Side {
  const said = plainAuthority(protocol, authority);
  if (said === plainAuthority(protocol, client.host)) return 'client';
  return authorities.some((own) => plainAuthority(protocol, own) === said) ? 'endpoint' : 'other';
}

type Side = 'client' | 'endpoint' | 'other';

const REFERENCE = /^(?:([a-z][a-z0-9+.-]*):)?(?:\/\/([^/?#\\]*))?([^?#]*)(.*)$/i;

/** Without a `Host` of the client's there is nothing before the path. */
function originOf({ client }: WayBack): string {
  return client.host === '' ? '' : `${client.scheme}://${client.host}`;
}

/** A cookie whose path is one of the client's; one that names the endpoint's own domain is for the client's host instead. */
export function cookieBack(cookie: string, way: WayBack): string {
  const [pair = '', ...attributes] = cookie.split(';');
  if (attributes.length === 0) return cookie;
  // Its path must be / (RFC 6265bis §4.1.3.2).
  const fixed = pair.trimStart().startsWith('__Host-');
  const kept = attributes.flatMap((attribute) => {
    const [, before = '', name = '', between = '', value = ''] = ATTRIBUTE.exec(attribute) ?? [];
    if (name.toLowerCase() === 'domain') return isOwnDomain(value, way) ? [] : [attribute];
    if (name.toLowerCase() !== 'path' || fixed || !value.startsWith('/')) return [attribute];
    return [`${before}${name}${between}${cookiePathBack(value, way)}`];
  });
  return [pair, ...kept].join(';');
}

const ATTRIBUTE = /^(\s*)(path|domain)(\s*=\s*)(\S*)\s*$/i;

/** A path that covers everything of the endpoint covers everything that the client can ask of it. */
function cookiePathBack(path: string, way: WayBack): string {
  const slash = path.length > 1 && path.endsWith('/') ? '/' : '';
  const mapped = way.path(slash === '' ? path : path.slice(0, -1));
  if (mapped === undefined) return path;
  return mapped.replace(/\/$/, '') + slash || '/';
}

function isOwnDomain(value: string, { authorities, client }: WayBack): boolean {
  const domain = value.toLowerCase().replace(/^\./, '');
  const nameOf = (authority: string) => authority.toLowerCase().replace(/:\d*$/, '');
  return domain !== nameOf(client.host) && authorities.some((own) => nameOf(own) === domain);
}
