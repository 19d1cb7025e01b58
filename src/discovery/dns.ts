import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Resolve } from '../config/topology.ts';

/**
 * The door to the name servers and to the system's resolver.
 *
 * `dns` asks for A and AAAA, `srv` for SRV and then for the addresses of its targets, `system` does what any other program
 * on this machine does (hosts file, search list). `auto` is `dns` and, where that has nothing or does not answer, `system`;
 * a name without a dot is nothing that name servers know, so it is left to the system at once.
 */
export type Question = { readonly host: string; readonly resolve: Resolve };

/** `port` is only known from SRV. */
export type FoundAddress = { readonly host: string; readonly port: number | undefined };

export type Answer = {
  /** Never empty. SRV targets in order of priority, then weight; otherwise IPv4 before IPv6, sorted. */
  readonly addresses: readonly FoundAddress[];
  readonly ttlMs: number;
  /** False when part of the question went unanswered: there may be more addresses than these. */
  readonly complete: boolean;
};

/** Rejects with an Error whose `code` is one of node:dns (ENOTFOUND, ENODATA, ETIMEOUT …). */
export type AskDns = (question: Question) => Promise<Answer>;

/** `servers` as `Resolver.setServers` takes them; those of the system when undefined. */
export type DnsOptions = { readonly timeoutMs?: number; readonly tries?: number; readonly servers?: readonly string[] };

const DNS_TIMEOUT_MS = 2000;
const DNS_TRIES = 2;
/** The system's resolver does not say how long its answers hold. SRV records have a TTL that node:dns does not give. */
export const TTL_UNKNOWN_MS = 30_000;
/** Further SRV targets, and further addresses of one host, are ignored. */
const TARGETS_MAX = 16;
const ADDRESSES_MAX = 64;

/** A resolver; `close` makes the questions that are open fail with ECANCELLED. */
export function openDns(options: DnsOptions = {}): { readonly ask: AskDns; readonly close: () => void } {
  const timeout = options.timeoutMs ?? DNS_TIMEOUT_MS;
  const resolver = new Resolver({ timeout, tries: options.tries ?? DNS_TRIES, maxTimeout: timeout });
  if (options.servers !== undefined) resolver.setServers(options.servers);
  return { ask: (question) => ask(resolver, question), close: () => resolver.cancel() };
}

function ask(resolver: Resolver, { host, resolve }: Question): Promise<Answer> {
  switch (resolve) {
    case 'dns':
      return askDns(resolver, host);
    case 'srv':
      return askSrv(resolver, host);
    case 'system':
      return askSystem(host);
    case 'auto':
      return askAuto(resolver, host);
    default:
      return resolve satisfies never;
  }
}

async function askAuto(resolver: Resolver, host: string): Promise<Answer> {
  if (!host.replace(/\.$/, '').includes('.') || /\.localhost\.?$/i.test(host)) return askSystem(host);
  try {
    return await askDns(resolver, host);
  } catch (error) {
    if (codeOf(error) === 'ECANCELLED') throw error;
    return askSystem(host);
  }
}

async function askSystem(host: string): Promise<Answer> {
  const found = await lookup(host, { all: true });
  return answer(
    found.map(({ address }) => address),
    TTL_UNKNOWN_MS,
    true,
  );
}

async function askDns(resolver: Resolver, host: string): Promise<Answer> {
  const [v4, v6] = await Promise.allSettled([
    resolver.resolve4(host, { ttl: true }),
    resolver.resolve6(host, { ttl: true }),
  ]);
  const records = [v4, v6].flatMap((family) => (family.status === 'fulfilled' ? family.value : []));
  const failed = [v4, v6].filter((family) => family.status === 'rejected').map(({ reason }): unknown => reason);
  const hard = failed.find((error) => !saysNothingThere(error));
  if (records.length === 0) throw hard ?? failed[0];
  const ttlMs = Math.min(...records.map(({ ttl }) => ttl)) * 1000;
  return answer(
    records.map(({ address }) => address),
    ttlMs,
    hard === undefined,
  );
}

async function askSrv(resolver: Resolver, host: string): Promise<Answer> {
  const records = await resolver.resolveSrv(host);
  // One target named "." says that the service is decidedly not there (RFC 2782).
  const targets = records.filter(({ name }) => name !== '' && name !== '.').sort(bySrvOrder);
  if (targets.length === 0) throw Object.assign(new Error(`querySrv ENODATA ${host}`), { code: 'ENODATA' });
  const asked = await Promise.allSettled(targets.slice(0, TARGETS_MAX).map(({ name }) => askTarget(resolver, name)));
  const found: FoundAddress[] = [];
  let ttlMs = TTL_UNKNOWN_MS;
  let complete = true;
  for (const [i, target] of asked.entries()) {
    complete &&= target.status === 'fulfilled' && target.value.complete;
    if (target.status === 'rejected') continue;
    ttlMs = Math.min(ttlMs, target.value.ttlMs);
    for (const address of target.value.addresses) found.push({ host: address.host, port: targets[i]?.port });
  }
  if (found.length === 0) throw (asked[0] as PromiseRejectedResult).reason;
  return { addresses: unique(found).slice(0, ADDRESSES_MAX), ttlMs, complete };
}

async function askTarget(resolver: Resolver, name: string): Promise<Answer> {
  return isIP(name) === 0 ? askAuto(resolver, name) : answer([name], TTL_UNKNOWN_MS, true);
}

type Srv = { readonly priority: number; readonly weight: number; readonly name: string; readonly port: number };

function bySrvOrder(a: Srv, b: Srv): number {
  return a.priority - b.priority || b.weight - a.weight || a.name.localeCompare(b.name) || a.port - b.port;
}

/** Sorted, because servers turn their answers round each time, and that is no change. */
function answer(addresses: readonly string[], ttlMs: number, complete: boolean): Answer {
  const sorted = [...new Set(addresses)].sort((a, b) => isIP(a) - isIP(b) || (a < b ? -1 : 1));
  return { addresses: sorted.slice(0, ADDRESSES_MAX).map((host) => ({ host, port: undefined })), ttlMs, complete };
}

function unique(addresses: readonly FoundAddress[]): FoundAddress[] {
  return [...new Map(addresses.map((address) => [`${address.host} ${address.port}`, address])).values()];
}

/** The name servers answered, and the answer is that there is no such record. */
function saysNothingThere(error: unknown): boolean {
  return ['ENODATA', 'ENOTFOUND'].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
