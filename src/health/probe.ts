import { isIP } from 'node:net';
import { SecureContexts } from '../edge/upstream/secure-contexts.ts';
import { isShortage } from '../edge/upstream/shortage.ts';
import type { Address } from '../table/addresses.ts';
import type { Clock } from '../table/clock.ts';
import type { Sleep } from '../table/loop.ts';
import type { CheckResult, CheckTarget, OpenProber, Prober } from './check.ts';
import { Line } from './line.ts';
import type { TlsPlan } from './socket.ts';
import type { Exchange, Phase } from './undici.ts';

/** What checks need of the house. */
export type ProbeDeps = { readonly clock: Clock; readonly sleep: Sleep };

/** Opens probers over real sockets; they trust whom the traffic trusts. */
export function probers(deps: ProbeDeps): OpenProber {
  const contexts = new SecureContexts();
  return (target) => {
    const { ca, url } = target;
    if (url.protocol === 'http') return new EndpointProber(target, undefined, deps);
    const serverName = target.serverName ?? bare(url.host);
    return new EndpointProber(target, { serverName, trust: contexts.of(ca) }, deps);
  };
}

/**
 * The connection of the last check is used again, so that the latency is that of a request and not of a handshake. It
 * may have died unseen: when it fails before any answer, the check goes on over a new one. Where a new one is needed, the
 * addresses are tried in turn, beginning with the one that was good last; one that connects and then fails, also by its
 * status, is put behind the others for the next check: one sick replica is not the endpoint.
 */
class EndpointProber implements Prober {
  readonly #target: CheckTarget;
  readonly #tls: TlsPlan | undefined;
  readonly #deps: ProbeDeps;
  #line: Line | undefined;
  /** Where among the addresses to begin. */
  #first = 0;
  /** Why the check was ended from here, in words. */
  #ended: string | undefined;
  /** What was missing here when the last exchange could not connect. */
  #shortage: string | undefined;
  #closed = false;

  constructor(target: CheckTarget, tls: TlsPlan | undefined, deps: ProbeDeps) {
    this.#target = target;
    this.#tls = tls;
    this.#deps = deps;
  }

  async check(known: readonly Address[]): Promise<CheckResult> {
    const { url, timeoutMs, expect } = this.#target;
    const addresses = known.length > 0 ? known : [{ host: bare(url.host), port: url.port }];
    const exchange = newExchange();
    if (this.#closed) return resultOf(exchange, 'closed');
    const done = new AbortController();
    this.#ended = undefined;
    void this.#deps.sleep(timeoutMs, done.signal).then(() => {
      if (!done.signal.aborted) this.#end(late(exchange.phase, timeoutMs));
    });
    const failure = await this.#exchange(addresses, exchange);
    done.abort();
    const error = failure ?? unexpected(exchange.status, expect);
    const result = resultOf(exchange, error);
    if (this.#shortage !== undefined) return { ...result, shortage: this.#shortage };
    if (error !== undefined) this.#turn(addresses.length);
    return result;
  }

  close(): void {
    this.#closed = true;
    this.#end('closed');
  }

  #end(words: string): void {
    this.#ended = words;
    this.#line?.cut();
  }

  /** Undefined when there was a whole answer; otherwise why not, in words. */
  async #exchange(addresses: readonly Address[], exchange: Exchange): Promise<string | undefined> {
    if (!leadsToOneOf(this.#line, addresses)) this.#drop();
    const kept = this.#line !== undefined;
    const failure = await this.#get(addresses, exchange);
    const stale = kept && exchange.connectMs === undefined && exchange.status === undefined;
    if (failure === undefined || !stale || this.#ended !== undefined) return failure;
    return this.#get(addresses, exchange);
  }

  async #get(addresses: readonly Address[], exchange: Exchange): Promise<string | undefined> {
    const { path, host, url } = this.#target;
    const line = (this.#line ??= new Line(this.#target, this.#tls, this.#deps.clock));
    exchange.phase = 'connecting';
    this.#shortage = undefined;
    let whole = false;
    try {
      await line.get(path, host ?? authorityOf(url), exchange, rotated(addresses, this.#first));
      whole = true;
      return undefined;
    } catch (error) {
      if (isShortage(error)) this.#shortage = String((error as NodeJS.ErrnoException).code);
      return this.#ended ?? inWords(error, exchange.phase);
    } finally {
      if (exchange.connectMs !== undefined) this.#first += line.position;
      if (!whole) this.#drop();
    }
  }

  /** Puts the address that failed behind the others, if there are any. */
  #turn(addresses: number): void {
    this.#first = (this.#first + 1) % addresses;
    if (addresses > 1) this.#drop();
  }

  #drop(): void {
    this.#line?.cut();
    this.#line = undefined;
  }
}

function newExchange(): Exchange {
  return { phase: 'connecting', status: undefined, latencyMs: undefined, connectMs: undefined };
}

function resultOf({ latencyMs, connectMs, status }: Exchange, error: string | undefined): CheckResult {
  return { reachable: error === undefined, latencyMs, connectMs, status, error };
}

function unexpected(status: number | undefined, expect: CheckTarget['expect']): string | undefined {
  const expected = expect.some(([from, to]) => status !== undefined && status >= from && status <= to);
  return expected ? undefined : `status ${status}`;
}

function leadsToOneOf(line: Line | undefined, addresses: readonly Address[]): boolean {
  const to = line?.address;
  return to !== undefined && addresses.some(({ host, port }) => host === to.host && port === to.port);
}

function rotated<T>(list: readonly T[], by: number): readonly T[] {
  const from = by % list.length;
  return [...list.slice(from), ...list.slice(0, from)];
}

/** As it stands in a `Host` header: with the port when it is not the protocol's own. */
function authorityOf({ protocol, host, port }: CheckTarget['url']): string {
  const name = isIP(bare(host)) === 6 ? `[${bare(host)}]` : host;
  return port === (protocol === 'https' ? 443 : 80) ? name : `${name}:${port}`;
}

function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}

const HUNG: Readonly<Record<Phase, string>> = {
  connecting: 'no connection',
  waiting: 'no answer',
  body: 'no end of the body',
  done: 'no end',
};

function late(phase: Phase, timeoutMs: number): string {
  return `${HUNG[phase]} within ${timeoutMs} ms`;
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  UND_ERR_SOCKET: 'connection closed',
  CONNECT_TIMEOUT: 'no connection in time',
  ETIMEDOUT: 'no connection in time',
  ENOTFOUND: 'host name not found',
  EAI_AGAIN: 'host name not resolved',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
};

function inWords(error: unknown, phase: Phase): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const words = WORDS[code] ?? (code.startsWith('HPE_') ? `not HTTP (${code})` : undefined);
  if (words !== undefined) return phase === 'body' ? `${words} in the body` : words;
  if (code !== '') return phase === 'connecting' ? `cannot connect (${code})` : code;
  return error instanceof Error ? error.message : String(error);
}
