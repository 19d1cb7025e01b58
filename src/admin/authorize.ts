import { createHash, timingSafeEqual } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import { type AdminReply, refuse } from './reply.ts';
import type { Access } from './routes.ts';

/** What is asked of a request before anything is done for it. Headers are as they came; undefined when absent. */
export type Caller = {
  readonly peerAddress: string;
  readonly authorization: string | undefined;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`, which browsers send of themselves: `none` is what a person typed. */
  readonly fetchSite?: string | undefined;
  /** Whether a proxy says that it passed the request on: then the peer is the proxy and not the caller. */
  readonly forwarded: boolean;
  /** `1.0` is what reverse proxies speak to their origins unless they are told otherwise, and what no tool here speaks. */
  readonly httpVersion?: string;
  /** The port that the caller connected to. */
  readonly localPort?: number | undefined;
};

/** Who is let in: by the token, and where there is none, by the names under which the listener is asked. */
export type Door = {
  /** The bearer token; empty when none is set. */
  readonly token: string;
  /** Names beside addresses, `localhost` and the host of `admin.listen` that a `Host` may have; in lower case. */
  readonly hosts: readonly string[];
};

/**
 * Undefined when the caller may use a route, or the answer that refuses.
 *
 * Without a token, everybody who reaches the listener may read, and changes are left to people on this machine. A web
 * page in a browser that reaches it is neither: it is known by a `Host` that its owner's DNS points here. Being a
 * loopback peer is not enough for a change: a web page in a browser on this machine is one too, and so is a reverse proxy
 * here, whoever asks it (docs/decisions/0035-admin-without-a-token.md).
 */
export function authorize(access: Access, { token, hosts }: Door, caller: Caller): AdminReply | undefined {
  if (access === 'anybody') return undefined;
  if (token === '') {
    if (access === 'operator') return isLocal(caller) ? undefined : NOT_LOCAL;
    return isOurName(hostOf(caller.host)?.name, hosts) ? undefined : NOT_OUR_NAME;
  }
  if (caller.authorization === undefined) return challenge('this needs the admin token');
  return isToken(caller.authorization, token) ? undefined : challenge('the admin token is wrong');
}

const NOT_LOCAL = refuse(
  403,
  'no admin.token is set, so changes are accepted only from this machine, sent directly to a loopback address and port',
  'set admin.token in the file and send it as "Authorization: Bearer TOKEN", or call from this machine',
);

const NOT_OUR_NAME = refuse(
  403,
  'no admin.token is set, and Host has a name that this listener does not know',
  'add the name to admin.hosts in the file, ask by an address, or set admin.token and send it',
);

function challenge(error: string): AdminReply {
  const fix = 'send the value of admin.token as "Authorization: Bearer TOKEN"';
  return refuse(401, error, fix, { 'www-authenticate': 'Bearer realm="meridian"' });
}

/** Compares digests, which have one length, in a time that does not depend on where they differ. */
function isToken(authorization: string, token: string): boolean {
  const given = /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '';
  return timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function isLocal(caller: Caller): boolean {
  const { peerAddress, host, origin, fetchSite = 'none', forwarded, httpVersion, localPort } = caller;
  if (!isLoopback(peerAddress) || origin !== undefined || fetchSite !== 'none') return false;
  if (forwarded || httpVersion === '1.0') return false;
  const asked = hostOf(host);
  if (asked === undefined || !isLoopbackName(asked.name)) return false;
  // Another port is that of whoever passed the request on.
  return localPort === undefined || asked.port === undefined || asked.port === localPort;
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Also `::ffff:127.0.0.1`, as a socket of both families calls it. */
function isLoopback(address: string): boolean {
  return LOOPBACK.check(address, 'ipv4') || LOOPBACK.check(address, 'ipv6');
}

function isLoopbackName(name: string): boolean {
  return name === 'localhost' || isLoopback(name);
}

/** An address is ours: nobody's DNS can point it elsewhere. A name is when the file says so. */
function isOurName(name: string | undefined, hosts: readonly string[]): boolean {
  return name !== undefined && (name === 'localhost' || isIP(name) !== 0 || hosts.includes(name));
}

/** The Host header in its parts; the name in lower case and without brackets. */
function hostOf(host: string | undefined): { readonly name: string; readonly port: number | undefined } | undefined {
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d*))?$/.exec(host ?? '');
  if (match === null) return undefined;
  const port = match[3] === undefined || match[3] === '' ? undefined : Number(match[3]);
  return { name: (match[1] ?? match[2] ?? '').toLowerCase(), port };
}
