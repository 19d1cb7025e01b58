import { isIP } from 'node:net';
import { addressText } from '../config/authority.ts';
import { endpointsOf } from '../config/owners.ts';
import type { Endpoint, Topology } from '../config/topology.ts';
import type { Address, AddressBook } from '../table/addresses.ts';
import { type LoopDeps, runLoop } from '../table/loop.ts';
import { Schedule } from '../table/schedule.ts';
import type { Answer, AskDns, FoundAddress, Question } from './dns.ts';
import { addressesOf, failureOf, type KnownParts, withParts } from './known-parts.ts';

export type DiscoveryDeps = LoopDeps & {
  readonly ask: AskDns;
  /** Called with the whole book whenever it differs from the last one; never for an empty one before the first. */
  readonly onChange: (book: AddressBook) => void;
};

/** Hosts that are asked for at a time. */
export const RESOLVES_MAX = 32;
/** However long or short the TTL, a host is asked for again within these bounds. */
const TTL_MIN_MS = 1000;
export const TTL_MAX_MS = 300_000;
/** A failed question is asked again after the first, then twice as long each time up to the second. */
const RETRY_MIN_MS = 1000;
export const RETRY_MAX_MS = 30_000;
/** A host that cannot be resolved is reported again after this long, for as long as that lasts. */
export const FAILURE_REPORT_MS = 300_000;
/** Longer than the resolver's own limits: what the system's resolver may hang for. */
const RESOLVE_TIMEOUT_MS = 15_000;
/** Answers that come in this close together are published as one book. */
const PUBLISH_DELAY_MS = 20;
/** The loop looks for what is due no more and no less often than this, so that many endpoints share one look. */
const WAKE_MIN_MS = 20;
const WAKE_MAX_MS = 1000;

/**
 * Keeps an address book of the endpoints whose hosts are names. A host that several endpoints share is asked for once.
 * The last good answer is kept for ever, and of an answer in parts, the parts that fail: a name server that is down takes no
 * endpoint with it, and what it does say is not refused for what it does not.
 */
export class Discovery {
  readonly #deps: DiscoveryDeps;
  readonly #schedule: Schedule<Host>;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  #hosts: ReadonlyMap<string, Host> = new Map();
  #endpoints: readonly Endpoint[] = [];
  #published = '{}';
  #publishing = false;
  #running: Promise<void> | undefined;

  constructor(deps: DiscoveryDeps) {
    this.#deps = deps;
    this.#schedule = new Schedule({
      inFlightMax: RESOLVES_MAX,
      clock: deps.clock,
      run: (host) => this.#turn(host),
      onError: (error) => deps.emit({ type: 'loop-failed', loop: 'discovery', error: String(error) }),
    });
    this.#signal = AbortSignal.any([deps.signal, this.#stop.signal]);
  }

  /** Starts asking. Without this nothing happens. */
  start(): void {
    const tick = async (): Promise<void> => this.#schedule.launch();
    const loop = {
      name: 'discovery',
      periodMs: () => Math.max(WAKE_MIN_MS, this.#schedule.untilDueMs(WAKE_MAX_MS)),
      tick,
    };
    this.#running ??= runLoop(loop, { ...this.#deps, signal: this.#signal });
  }

  /** Takes on a topology: hosts that it shares with the last one keep their answers, the others are asked for at once. */
  update(topology: Topology): void {
    const endpoints = endpointsOf(topology);
    this.#endpoints = endpoints.filter(({ url }) => isIP(bare(url.host)) === 0);
    const hosts = new Map<string, Host>();
    for (const { url, resolve } of this.#endpoints) {
      const key = keyOf(url.host, resolve);
      hosts.set(key, this.#hosts.get(key) ?? newHost({ host: url.host, resolve }));
    }
    for (const [key, host] of this.#hosts) {
      if (!hosts.has(key)) this.#forget(host);
    }
    for (const [key, host] of hosts) {
      if (!this.#hosts.has(key)) this.#schedule.add(host, this.#deps.clock.nowMs());
    }
    this.#hosts = hosts;
    if (this.#running !== undefined) this.#schedule.launch();
    this.#publish();
  }

  /** By service, how long ago its host names were last answered for in whole: the oldest of them. None before the first answer. */
  agesMs(): ReadonlyMap<string, number> {
    const nowMs = this.#deps.clock.nowMs();
    const ages = new Map<string, number>();
    for (const { service, url, resolve } of this.#endpoints) {
      const answeredMs = this.#hosts.get(keyOf(url.host, resolve))?.answeredMs;
      if (answeredMs !== undefined) ages.set(service, Math.max(ages.get(service) ?? 0, nowMs - answeredMs));
    }
    return ages;
  }

  /** Stops; nothing is published or emitted after it. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Asks for a host, and says when it is to be asked for again. */
  async #turn(host: Host): Promise<number> {
    const outcome = await this.#ask(host.question);
    if (!this.#signal.aborted && this.#hosts.get(keyOf(host.question.host, host.question.resolve)) === host) {
      if (typeof outcome === 'string') this.#failed(host, outcome);
      else this.#answered(host, outcome);
    }
    return this.#deps.clock.nowMs() + this.#waitMs(host, outcome);
  }

  /** The answer, or in words why there is none. */
  async #ask(question: Question): Promise<Answer | string> {
    const done = new AbortController();
    const signal = AbortSignal.any([this.#signal, done.signal]);
    const late = this.#deps.sleep(RESOLVE_TIMEOUT_MS, signal).then(() => `no answer within ${RESOLVE_TIMEOUT_MS} ms`);
    const answer = this.#deps.ask(question).catch((error: unknown) => inWords(error));
    const outcome = await Promise.race([answer, late]);
    done.abort();
    return outcome;
  }

  #waitMs(host: Host, outcome: Answer | string): number {
    const draw = this.#deps.random();
    if (host.failures > 0) return Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** (host.failures - 1)) * (1 - draw / 2);
    const ttlMs = typeof outcome === 'string' ? 0 : outcome.ttlMs;
    return Math.min(TTL_MAX_MS, Math.max(TTL_MIN_MS, ttlMs * (1 - draw / 10)));
  }

  #failed(host: Host, error: string): void {
    host.failures += 1;
    const nowMs = this.#deps.clock.nowMs();
    if (host.failures > 1 && nowMs - host.reportedMs < FAILURE_REPORT_MS) return;
    host.reportedMs = nowMs;
    const keptLastGood = host.addresses !== undefined;
    this.#deps.emit({ type: 'resolve-failed', host: host.question.host, error, keptLastGood });
  }

  #recovered(host: Host): void {
    if (host.failures > 0) this.#deps.emit({ type: 'resolve-recovered', host: host.question.host });
    host.failures = 0;
  }

  #forget(host: Host): void {
    this.#schedule.remove(host);
    this.#recovered(host);
  }

  #answered(host: Host, { parts }: Answer): void {
    host.parts = withParts(host.parts, parts);
    const failure = failureOf(parts);
    if (failure === '') {
      host.answeredMs = this.#deps.clock.nowMs();
      this.#recovered(host);
    } else this.#failed(host, `only part of an answer: ${failure}`);
    const addresses = addressesOf(host.parts);
    const key = addresses.map(inText).join(' ');
    if (host.addresses?.map(inText).join(' ') === key) return;
    host.addresses = addresses;
    this.#deps.emit({ type: 'addresses-changed', host: host.question.host, addresses: addresses.map(inText) });
    this.#publish();
  }

  #publish(): void {
    if (this.#publishing) return;
    this.#publishing = true;
    void this.#deps.sleep(PUBLISH_DELAY_MS, this.#signal).then(() => {
      this.#publishing = false;
      if (!this.#signal.aborted) this.#publishNow();
    });
  }

  #publishNow(): void {
    const book: Record<string, readonly Address[]> = {};
    for (const { id, url, resolve } of this.#endpoints) {
      const addresses = this.#hosts.get(keyOf(url.host, resolve))?.addresses;
      if (addresses === undefined) continue;
      book[id] = Object.freeze(addresses.map(({ host, port }) => Object.freeze({ host, port: port ?? url.port })));
    }
    const text = JSON.stringify(book);
    if (text === this.#published) return;
    this.#published = text;
    this.#deps.onChange(Object.freeze(book));
  }
}

/** `failures` counts consecutive ones, which were last reported at `reportedMs`; `addresses` is what `parts` come to. */
type Host = {
  readonly question: Question;
  failures: number;
  reportedMs: number;
  parts: KnownParts;
  addresses: readonly FoundAddress[] | undefined;
  /** When it was last answered for in whole. */
  answeredMs: number | undefined;
};

function newHost(question: Question): Host {
  return { question, failures: 0, reportedMs: 0, parts: new Map(), addresses: undefined, answeredMs: undefined };
}

function keyOf(host: string, resolve: string): string {
  return `${resolve} ${host}`;
}

function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}

function inText({ host, port }: FoundAddress): string {
  if (port === undefined) return host;
  return addressText(host, port);
}

function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? String(error.code) : error.message;
}
