import { authorityOf } from '../config/authority.ts';
import { SecureContexts } from '../edge/upstream/secure-contexts.ts';
import { isShortage } from '../edge/upstream/shortage.ts';
import { OVERDUE } from '../resilience/overdue.ts';
import { type Address, rotated } from '../table/addresses.ts';
import type { Clock } from '../table/clock.ts';
import type { Sleep } from '../table/loop.ts';
import type { CheckResult, CheckTarget, OpenProber, Prober } from './check.ts';
import { CheckConnection } from './check-connection.ts';
import type { TlsPlan } from './socket.ts';
import type { CheckProgress, Phase } from './undici.ts';

/** What checks need of the house. */
export type ProbeDeps = { readonly clock: Clock; readonly sleep: Sleep };

/** Opens probers over real sockets; they trust whom the traffic trusts. */
export function probers(deps: ProbeDeps): OpenProber {
  const contexts = new SecureContexts();
  return (target) => {
    const { ca, shown, url, verifyName, insecure } = target;
    if (url.protocol === 'http') return new EndpointProber(target, undefined, deps);
    const serverName = target.serverName ?? url.host;
    return new EndpointProber(target, { serverName, verifyName, insecure, trust: contexts.of(ca, shown) }, deps);
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
  #connection: CheckConnection | undefined;
  /** Where among the addresses to begin. */
  #first = 0;
  /** Why the check was ended from here, in words. */
  #ended: string | undefined;
  /** What was missing here when the last request could not connect. */
  #shortage: string | undefined;
  #closed = false;

  constructor(target: CheckTarget, tls: TlsPlan | undefined, deps: ProbeDeps) {
    this.#target = target;
    this.#tls = tls;
    this.#deps = deps;
  }

  async check(known: readonly Address[], anew = false): Promise<CheckResult> {
    const { url, timeoutMs } = this.#target;
    const addresses = known.length > 0 ? known : [{ host: url.host, port: url.port }];
    const progress = newProgress();
    if (this.#closed) return resultOf(progress, 'closed');
    if (anew) this.#drop();
    const done = new AbortController();
    this.#ended = undefined;
    void this.#deps.sleep(timeoutMs, done.signal).then(() => {
      if (!done.signal.aborted) this.#end(late(progress.phase, timeoutMs));
    });
    const failure = await this.#ask(addresses, progress);
    done.abort();
    const error = failure ?? unexpected(progress.status, this.#target);
    const result = resultOf(progress, error);
    if (this.#shortage !== undefined) return { ...result, shortage: this.#shortage };
    if (error !== undefined) this.#turn(addresses.length);
    return result;
  }

  close(): void {
    this.#closed = true;
    this.#end('closed');
  }

  #end(why: string): void {
    this.#ended = why;
    this.#connection?.cut();
  }

  /** Undefined when there was a whole answer; otherwise why not, in words. */
  async #ask(addresses: readonly Address[], progress: CheckProgress): Promise<string | undefined> {
    if (!leadsToOneOf(this.#connection, addresses)) this.#drop();
    const kept = this.#connection !== undefined;
    const failure = await this.#get(addresses, progress);
    const stale = kept && progress.connectMs === undefined && progress.status === undefined;
    if (failure === undefined || !stale || this.#ended !== undefined) return failure;
    return this.#get(addresses, progress);
  }

  async #get(addresses: readonly Address[], progress: CheckProgress): Promise<string | undefined> {
    const { path, host, url } = this.#target;
    const connection = (this.#connection ??= new CheckConnection(this.#target, this.#tls, this.#deps.clock));
    progress.phase = 'connecting';
    this.#shortage = undefined;
    let whole = false;
    try {
      await connection.get(path, host ?? authorityOf(url), progress, rotated(addresses, this.#first));
      whole = true;
      return undefined;
    } catch (error) {
      if (isShortage(error)) this.#shortage = String((error as NodeJS.ErrnoException).code);
      return this.#ended ?? errorText(error, progress.phase);
    } finally {
      if (progress.connectMs !== undefined) this.#first += connection.position;
      if (!whole) this.#drop();
    }
  }

  /** Puts the address that failed behind the others, if there are any. */
  #turn(addresses: number): void {
    this.#first = (this.#first + 1) % addresses;
    if (addresses > 1) this.#drop();
  }

  #drop(): void {
    this.#connection?.cut();
    this.#connection = undefined;
  }
}

function newProgress(): CheckProgress {
  return { phase: 'connecting', status: undefined, latencyMs: undefined, connectMs: undefined };
}

function resultOf(
  { latencyMs, connectMs, handshakeMs, status, load }: CheckProgress,
  error: string | undefined,
): CheckResult {
  return { reachable: error === undefined, latencyMs, connectMs, handshakeMs, status, error, ...(load && { load }) };
}

/** A path that is not there is what a new file has wrong most often: it is named. */
function unexpected(status: number | undefined, { expect, path }: CheckTarget): string | undefined {
  const expected = expect.some(([from, to]) => status !== undefined && status >= from && status <= to);
  return expected ? undefined : `status ${status} from ${path}`;
}

function leadsToOneOf(connection: CheckConnection | undefined, addresses: readonly Address[]): boolean {
  const to = connection?.address;
  return to !== undefined && addresses.some(({ host, port }) => host === to.host && port === to.port);
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

const ERROR_TEXTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  UND_ERR_SOCKET: 'connection closed',
  CONNECT_TIMEOUT: OVERDUE.connecting.cause,
  ETIMEDOUT: OVERDUE.connecting.cause,
  ENOTFOUND: 'host name not found',
  EAI_AGAIN: 'host name not resolved',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
};

function errorText(error: unknown, phase: Phase): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const text = ERROR_TEXTS[code] ?? (code.startsWith('HPE_') ? `not HTTP (${code})` : undefined);
  if (text !== undefined) return phase === 'body' ? `${text} in the body` : text;
  if (code !== '') return phase === 'connecting' ? `cannot connect (${code})` : code;
  return error instanceof Error ? error.message : String(error);
}
