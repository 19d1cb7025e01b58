import { Writable } from 'node:stream';
import type { Dispatcher, interceptors } from 'undici';
import type { CachePolicy } from '../config/topology-degraded.ts';
import type { ByteBudget } from '../table/byte-budget.ts';
import { isStreamType } from '../table/stream-type.ts';
import { wallClockMs } from '../table/system-clock.ts';
import type { Copy, HeaderLookup } from './copy.ts';
import { keptUntilMs } from './freshness.ts';
import type { RequestTraits } from './request-traits.ts';
import { type Labels, mayKeep } from './storing-rules.ts';
import { undici } from './undici.ts';

type CacheOptions = NonNullable<Parameters<typeof interceptors.cache>[0]>;
type CacheStore = NonNullable<CacheOptions['store']>;
type CacheValue = Parameters<CacheStore['createWriteStream']>[1];

/** What an answer may take of memory beside its bytes for each piece that it comes in. */
const PIECE_OVERHEAD_BYTES = 128;

/** One request on its way to the endpoints, whose answer may be kept, or makes copies untrue. */
export type Storing = {
  readonly method: string;
  /** The URL that was asked for, in its two parts: what a copy is kept under. */
  readonly origin: string;
  readonly path: string;
  /** The request's headers as its origin sees them, names and values alternating, and the same by name. */
  readonly asked: readonly string[];
  readonly header: HeaderLookup;
  readonly traits: RequestTraits;
  /** Fields that a copy varies by although `Vary` does not say so. */
  readonly alsoVary: Readonly<Record<string, string>>;
  readonly policy: CachePolicy;
  /** The wall clock as the ladder has it: it does not jump. */
  readonly wallMs: () => number;
  /** Whether a copy could be kept now. */
  readonly takesCopies: () => boolean;
  /** An answer is going to be kept, and whether its origin itself said for how long. */
  readonly keeping: (explicit: boolean) => void;
  readonly keep: (copy: Copy) => void;
  /** Memory for the bytes of an answer that is not whole yet. */
  readonly passing: ByteBudget;
  /** The answer turned out larger than what may be kept. */
  readonly tooLarge: () => void;
  /** A request that changes this URL has succeeded: what is kept of it is no longer true (RFC 9111 §4.4). */
  readonly changed: (url: string) => void;
};

/** Sends the request, whose answer comes through the handler that is given, as undici's dispatchers do. */
export type Send = (handler: Dispatcher.DispatchHandler) => void;

/**
 * Sends a request so that its answer is kept if RFC 9111 and this house allow it. What may be kept and for how long is
 * decided by undici's cache interceptor, over a store that never has anything: so it writes, and never answers. Whether
 * and when a copy is served is the ladder's to say. The function that is returned lets go of what was kept so far.
 */
export function sendStoring(request: Storing, send: Send, handler: Dispatcher.DispatchHandler): () => void {
  const seen: Seen = { head: undefined, writer: undefined };
  const { method, origin, path } = request;
  const changed = new Set<string>();
  const store: CacheStore = {
    get: () => undefined,
    createWriteStream: (_, value) => {
      seen.writer = writer(request, value, seen.head as SeenHead);
      return seen.writer;
    },
    // It names each URL once for every safe method; also those in `Location` and `Content-Location`, of the same origin.
    delete: (key) => {
      const url = `${key.origin}${key.path}`;
      if (method !== 'GET' && changed.size !== changed.add(url).size) request.changed(url);
    },
  };
  const intercept = undici().cache({
    store,
    methods: ['GET'],
    type: 'shared',
    // Without one, an answer that names no lifetime is not offered at all.
    ...(request.policy.freshMs === undefined ? {} : { cacheByDefault: request.policy.freshMs }),
  });
  const dispatch = intercept((_, inner) => {
    send(seeing(inner, seen));
    return true;
  });
  dispatch({ origin, path, method, headers: askedFields(request.asked) }, handler);
  return () => seen.writer?.destroy();
}

/** What a request says of copies is the ladder's to heed: the interceptor would answer `only-if-cached` by itself. */
function askedFields(asked: readonly string[]): Record<string, string | string[]> {
  const fields = grouped(asked);
  delete fields['cache-control'];
  delete fields['pragma'];
  return fields;
}

type Seen = { head: SeenHead | undefined; writer: Writable | undefined };
type SeenHead = { readonly raw: readonly string[]; readonly explicit: boolean; readonly shared: boolean };

/** Between the endpoint and the interceptor: tells the head as the interceptor wants it, and remembers it as it was. */
function seeing(inner: Dispatcher.DispatchHandler, seen: Seen): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (controller, context) => inner.onRequestStart?.(controller, context),
    onResponseStart: (controller, status, headers, reason) => {
      const raw = headers as unknown as readonly string[];
      const fields = grouped(raw);
      const control = String(fields['cache-control'] ?? '');
      const shared = /(?:^|,)\s*(?:public|s-maxage)\b/i.test(control);
      const explicit = /(?:^|,)\s*(?:s-maxage|max-age)\b/i.test(control) || 'expires' in fields;
      mendAge(fields);
      seen.head = { raw, explicit, shared };
      // A copy is for everybody: it goes without the cookie that one client was given.
      if (shared) delete fields['set-cookie'];
      // A lifetime that is ours begins now, whatever the clock of the origin says.
      if (!explicit) delete fields['date'];
      inner.onResponseStart?.(controller, status, fields, reason);
    },
    onResponseData: (controller, chunk) => inner.onResponseData?.(controller, chunk),
    onResponseEnd: (controller, trailers) => inner.onResponseEnd?.(controller, trailers),
    onResponseError: (controller, error) => inner.onResponseError?.(controller, error),
  };
}

/** `Age` is its first number; anything else is ignored (RFC 9111 §5.1). */
function mendAge(fields: Record<string, string | string[]>): void {
  const said = fields['age'];
  if (said === undefined) return;
  const first = [said].flat().join(',').split(',')[0]?.trim() ?? '';
  if (/^\d+$/.test(first)) fields['age'] = first;
  else delete fields['age'];
}

function writer(request: Storing, value: CacheValue, head: SeenHead): Writable | undefined {
  if (!mayKeep(labelsOf(value, head), request.traits, request.policy) || !request.takesCopies()) return undefined;
  request.keeping(head.explicit);
  const agedMs = Math.max(0, wallClockMs() - value.cachedAt);
  const seenMs = request.wallMs();
  const chunks: Buffer[] = [];
  let bytes = 0;
  let reserved = 0;
  return new Writable({
    // The limit below is the bound; waiting for room here would slow the client down.
    highWaterMark: request.policy.entryBytes + 1,
    write(chunk: Buffer, _, done) {
      const room = chunk.length + PIECE_OVERHEAD_BYTES;
      bytes += chunk.length;
      if (bytes <= request.policy.entryBytes && request.passing.take(room)) {
        reserved += room;
        chunks.push(chunk);
        return done();
      }
      chunks.length = 0;
      request.tooLarge();
      this.destroy();
      done();
    },
    final(done) {
      request.keep(copyOf(request, value, { head, body: Buffer.concat(chunks), bornMs: seenMs - agedMs }));
      done();
    },
    destroy(error, done) {
      request.passing.give(reserved);
      reserved = 0;
      chunks.length = 0;
      done(error);
    },
  });
}

function labelsOf(value: CacheValue, { raw, explicit, shared }: SeenHead): Labels {
  const { statusCode, headers, cacheControlDirectives: said } = value;
  return {
    status: statusCode,
    explicit,
    shared: shared && (said?.public === true || said?.['s-maxage'] !== undefined),
    mustRevalidate: said?.['must-revalidate'] === true,
    noCache: said?.['no-cache'] === true,
    stream: isStreamType(String(headers['content-type'] ?? '')),
    contentLength: Number(headers['content-length'] ?? 0),
    headChars: raw.reduce((sum, text) => sum + text.length, 0),
  };
}

function copyOf(
  { policy, header, alsoVary }: Storing,
  value: CacheValue,
  { head, body, bornMs }: { readonly head: SeenHead; readonly body: Buffer; readonly bornMs: number },
): Copy {
  const said = value.cacheControlDirectives;
  const ifErrorMs = seconds(said?.['stale-if-error']);
  const whileRevalidateMs = seconds(said?.['stale-while-revalidate']);
  const granted = ifErrorMs !== undefined || whileRevalidateMs !== undefined;
  const mustAsk = said?.['must-revalidate'] === true || said?.['proxy-revalidate'] === true;
  const copy = {
    status: value.statusCode,
    reason: value.statusMessage,
    headers: [...keptHeaders(head.raw, value.headers), ...lengthOf(value.statusCode, body)],
    body,
    vary: { ...alsoVary, ...varied(value, header) },
    bornMs,
    staleAtMs: bornMs + (value.staleAt - value.cachedAt),
    // RFC 9111 §5.2.2.10: s-maxage alone means proxy-revalidate.
    mayBeStale: !mustAsk && (said?.['s-maxage'] === undefined || granted),
    ifErrorMs,
    whileRevalidateMs,
  };
  return { ...copy, keptUntilMs: keptUntilMs(copy, policy) };
}

/** A 204 has no body, and so no length (RFC 9110 §8.6). */
function lengthOf(status: number, body: Buffer): string[] {
  return status === 204 ? [] : ['Content-Length', String(body.length)];
}

/**
 * What `Vary` names, as the origin saw it. An answer in a coding is also for those alone who asked as the one did who got
 * it, though many an origin forgets to say so.
 */
function varied({ vary, headers }: CacheValue, header: HeaderLookup): Copy['vary'] {
  const names = new Set(Object.keys(vary ?? {}));
  const coding = headers['content-encoding'];
  if (coding !== undefined && coding !== 'identity') names.add('accept-encoding');
  return Object.fromEntries([...names].map((name) => [name, header(name) ?? null]));
}

/** The head as it came, as far as the interceptor kept its fields; `Date` stays, since it was only hidden from it. */
function keptHeaders(raw: readonly string[], kept: CacheValue['headers']): string[] {
  const out: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = (raw[i] as string).toLowerCase();
    if (name === 'content-length' || DROPPED.has(name) || !(name in kept || name === 'date')) continue;
    out.push(raw[i] as string, raw[i + 1] as string);
  }
  return out;
}

/** About one request or one connection. */
const DROPPED: ReadonlySet<string> = new Set(['set-cookie', 'x-request-id', 'keep-alive', 'trailer']);

function grouped(flatHeaders: readonly string[]): Record<string, string | string[]> {
  const fields = new Map<string, string | string[]>();
  for (let i = 0; i < flatHeaders.length; i += 2) {
    const name = (flatHeaders[i] as string).toLowerCase();
    const value = flatHeaders[i + 1] as string;
    const before = fields.get(name);
    fields.set(name, before === undefined ? value : [before, value].flat());
  }
  return Object.fromEntries(fields);
}

function seconds(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value * 1000;
}
