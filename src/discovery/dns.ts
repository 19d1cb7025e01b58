import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { compareText } from '../config/compare-text.ts';
import type { Resolve } from '../config/topology-endpoint.ts';

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

/**
 * One part of a question that can fail by itself: a family of addresses (`A`, `AAAA`), what the system's resolver says
 * (`system`), or one of these of one SRV target.
 */
export type Part = {
  /** The same part has the same name in the next answer. */
  readonly name: string;
  /** What it is answered with; none: there are none, decidedly. */
  readonly addresses: readonly FoundAddress[];
  /** Why it went unanswered; then nothing is known of its addresses. */
  readonly error?: string;
};

export type Answer = {
  /**
   * With at least one address among them. SRV targets are in order of priority, then weight; IPv4 is before IPv6, and addresses
   * are sorted, because servers turn their answers round each time, and that is no change.
   */
  readonly parts: readonly Part[];
  readonly ttlMs: number;
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

/**
 * Asks name servers; `close` makes the questions that are open fail with ECANCELLED. Each question looks up anew which name servers
 * the system has: they change when a machine moves to another network, and a resolver reads them once.
 */
export function openDns(options: DnsOptions = {}): { readonly ask: AskDns; readonly close: () => void } {
  const timeout = options.timeoutMs ?? DNS_TIMEOUT_MS;
  const open = new Set<Resolver>();
  return {
    ask: async (question) => {
      const resolver = new Resolver({ timeout, tries: options.tries ?? DNS_TRIES, maxTimeout: timeout });
      if (options.servers !== undefined) resolver.setServers(options.servers);
      open.add(resolver);
      return ask(resolver, question).finally(() => open.delete(resolver));
    },
    close: () => {
      for (const resolver of open) resolver.cancel();
    },
  };
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
  const addresses = found.map(({ address }) => address);
  return { parts: [part('system', addresses)], ttlMs: TTL_UNKNOWN_MS };
}

async function askDns(resolver: Resolver, host: string): Promise<Answer> {
  const [v4, v6] = await Promise.allSettled([
    resolver.resolve4(host, { ttl: true }),
    resolver.resolve6(host, { ttl: true }),
  ]);
  const records = [v4, v6].flatMap((family) => (family.status === 'fulfilled' ? family.value : []));
  const failed = [v4, v6].filter((family) => family.status === 'rejected').map(({ reason }): unknown => reason);
  if (records.length === 0) throw failed.find((error) => !saysNothingThere(error)) ?? failed[0];
  const ttlMs = Math.min(...records.map(({ ttl }) => ttl)) * 1000;
  return { parts: [familyPart('A', v4), familyPart('AAAA', v6)], ttlMs };
}

function familyPart(name: string, family: PromiseSettledResult<readonly { readonly address: string }[]>): Part {
  if (family.status === 'fulfilled') {
    const addresses = family.value.map(({ address }) => address);
    return part(name, addresses);
  }
  return saysNothingThere(family.reason) ? part(name, []) : { ...part(name, []), error: codeOf(family.reason) };
}

async function askSrv(resolver: Resolver, host: string): Promise<Answer> {
  const records = await resolver.resolveSrv(host);
  // One target named "." says that the service is decidedly not there (RFC 2782).
  const targets = records.filter(({ name }) => name !== '' && name !== '.').sort(bySrvOrder);
  if (targets.length === 0) throw Object.assign(new Error(`querySrv ENODATA ${host}`), { code: 'ENODATA' });
  const asked = targets.slice(0, TARGETS_MAX);
  const found = await Promise.allSettled(asked.map(({ name }) => askTarget(resolver, name)));
  const answers = found.flatMap((target) => (target.status === 'fulfilled' ? [target.value] : []));
  if (answers.length === 0) throw (found[0] as PromiseRejectedResult).reason;
  return {
    parts: asked.flatMap((target, i) => targetParts(target, found[i] as PromiseSettledResult<Answer>)),
    ttlMs: Math.min(TTL_UNKNOWN_MS, ...answers.map(({ ttlMs }) => ttlMs)),
  };
}

/** A target that cannot be resolved is one part: which ones it had before is the reader's to know. */
function targetParts({ name, port }: Srv, target: PromiseSettledResult<Answer>): readonly Part[] {
  const prefix = `${name}:${port}`;
  if (target.status === 'rejected') return [{ name: prefix, addresses: [], error: codeOf(target.reason) }];
  return target.value.parts.map((one) => ({
    ...one,
    name: `${prefix} ${one.name}`,
    addresses: one.addresses.map(({ host }) => ({ host, port })),
  }));
}

async function askTarget(resolver: Resolver, name: string): Promise<Answer> {
  return isIP(name) === 0 ? askAuto(resolver, name) : { parts: [part('address', [name])], ttlMs: TTL_UNKNOWN_MS };
}

type Srv = { readonly priority: number; readonly weight: number; readonly name: string; readonly port: number };

function bySrvOrder(a: Srv, b: Srv): number {
  return a.priority - b.priority || b.weight - a.weight || compareText(a.name, b.name) || a.port - b.port;
}

function part(name: string, addresses: readonly string[]): Part {
  const sorted = [...new Set(addresses)].sort((a, b) => isIP(a) - isIP(b) || compareText(a, b));
  return { name, addresses: sorted.slice(0, ADDRESSES_MAX).map((host) => ({ host, port: undefined })) };
}

/** The name servers answered, and the answer is that there is no such record. */
function saysNothingThere(error: unknown): boolean {
  return ['ENODATA', 'ENOTFOUND'].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
