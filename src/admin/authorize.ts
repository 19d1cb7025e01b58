import { createHash, timingSafeEqual } from 'node:crypto';
import { BlockList } from 'node:net';
import { type AdminReply, refuse } from './reply.ts';
import type { Access } from './routes.ts';

/** What is asked of a request before anything is done for it. Headers are as they came; undefined when absent. */
export type Caller = {
  readonly peerAddress: string;
  readonly authorization: string | undefined;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** Whether a proxy says that it passed the request on: then the peer is the proxy and not the caller. */
  readonly forwarded: boolean;
};

/**
 * Undefined when the caller may use a route, or the answer that refuses.
 *
 * Without a token, changes are left to people on this machine. Being a loopback peer is not enough for that: a web page
 * in a browser on this machine is one too (its requests carry an Origin, or a Host that an attacker's DNS points here),
 * and so is a reverse proxy.
 */
export function authorize(access: Access, token: string, caller: Caller): AdminReply | undefined {
  if (access === 'anybody') return undefined;
  if (token === '') return access === 'reader' || isLocal(caller) ? undefined : NOT_LOCAL;
  if (caller.authorization === undefined) return challenge('this needs the admin token');
  return isToken(caller.authorization, token) ? undefined : challenge('the admin token is wrong');
}

const NOT_LOCAL = refuse(
  403,
  'no admin.token is set, so changes are accepted only from this machine, sent directly to a loopback address',
  'set admin.token in the file and send it as "Authorization: Bearer TOKEN", or call from this machine',
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

function isLocal({ peerAddress, host, origin, forwarded }: Caller): boolean {
  return isLoopback(peerAddress) && origin === undefined && !forwarded && isLoopbackName(hostName(host));
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

/** The Host header without its port and brackets. */
function hostName(host: string | undefined): string {
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(host ?? '');
  return (match?.[1] ?? match?.[2] ?? '').toLowerCase();
}
