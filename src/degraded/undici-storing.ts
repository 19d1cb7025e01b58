import { Writable } from 'node:stream';
import { type Dispatcher, interceptors } from 'undici';
import type { CachePolicy } from '../config/topology.ts';
import { wallClockMs } from '../table/system-clock.ts';
import type { Copy, HeaderLookup } from './copy.ts';
import { keptUntilMs } from './standing.ts';

type CacheOptions = NonNullable<Parameters<typeof interceptors.cache>[0]>;
type CacheStore = NonNullable<CacheOptions['store']>;
type CacheValue = Parameters<CacheStore['createWriteStream']>[1];

/** Heads beyond this are not kept, whatever the limits: a copy is for its body. */
export const COPY_HEAD_BYTES_MAX = 16 * 1024;

/** One request on its way to the endpoints, whose answer may be kept. */
export type Storing = {
  readonly method: string;
  readonly url: string;
  readonly header: HeaderLookup;
  /** The request's headers, names and values alternating. */
  readonly requestHeaders: readonly string[];
  readonly policy: CachePolicy;
  /** The wall clock as the ladder has it: it does not jump. */
  readonly wallMs: () => number;
  /** An answer is going to be kept, and whether its origin itself said for how long. */
  readonly keeping: (explicit: boolean) => void;
  readonly keep: (copy: Copy) => void;
  /** Takes room for bytes of an answer that is not whole yet; false when there is none. Given back with `release`. */
  readonly reserve: (bytes: number) => boolean;
  readonly release: (bytes: number) => void;
  /** The answer turned out larger than what may be kept. */
  readonly tooLarge: () => void;
  /** A request that changes its URL has succeeded: what is kept of it is no longer true (RFC 9111 §4.4). */
  readonly changed: () => void;
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
  const store: CacheStore = {
    get: () => undefined,
    createWriteStream: (_, value) => {
      seen.writer = writer(request, value, seen.head as SeenHead);
      return seen.writer;
    },
    delete: () => {
      if (request.method !== 'GET' && request.method !== 'HEAD') request.changed();
    },
  };
  const intercept = interceptors.cache({
    store,
    methods: ['GET'],
    type: 'shared',
    cacheByDefault: request.policy.freshMs,
  });
  const dispatch = intercept((_, inner) => {
    send(seeing(inner, seen));
    return true;
  });
  // The interceptor wants an origin; the key that it makes of it goes to our store, which has its own.
  const options = { origin: 'http://meridian.invalid', path: '/', method: request.method };
  dispatch({ ...options, headers: grouped(request.requestHeaders) }, handler);
  return () => seen.writer?.destroy();
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

function writer(request: Storing, value: CacheValue, head: SeenHead): Writable | undefined {
  if (!mayKeep(request, value, head)) return undefined;
  request.keeping(head.explicit);
  const agedMs = Math.max(0, wallClockMs() - value.cachedAt);
  const seenMs = request.wallMs();
  const chunks: Buffer[] = [];
  let bytes = 0;
  return new Writable({
    // The limit below is the bound; waiting for room here would slow the client down.
    highWaterMark: request.policy.entryBytes + 1,
    write(chunk: Buffer, _, done) {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes <= request.policy.entryBytes && request.reserve(chunk.length)) return done();
      bytes -= chunk.length;
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
      request.release(bytes);
      done(error);
    },
  });
}

/** What the interceptor would keep and this house does not. */
function mayKeep({ header, policy }: Storing, value: CacheValue, { raw, explicit, shared }: SeenHead): boolean {
  const { statusCode, headers, cacheControlDirectives: said } = value;
  if (said?.['no-cache'] === true || statusCode >= 500) return false;
  // Most of what is for one client alone comes with a cookie, and its origin does not always say so.
  if (header('cookie') !== undefined && !shared) return false;
  if (!KEPT_STATUSES.has(statusCode) && !explicit) return false;
  if (Number(headers['content-length'] ?? 0) > policy.entryBytes) return false;
  return raw.reduce((sum, text) => sum + text.length, 0) <= COPY_HEAD_BYTES_MAX;
}

/** Those that are kept although their origin names no lifetime. A 404 is not: it may be a deployment that is half done. */
const KEPT_STATUSES: ReadonlySet<number> = new Set([200, 203, 300, 301, 308]);

function copyOf(
  { policy }: Storing,
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
    headers: [...keptHeaders(head.raw, value.headers), 'Content-Length', String(body.length)],
    body,
    vary: Object.fromEntries(Object.entries(value.vary ?? {}).map(([name, was]) => [name, flat(was)])),
    bornMs,
    staleAtMs: bornMs + (value.staleAt - value.cachedAt),
    // RFC 9111 §5.2.2.10: s-maxage alone means proxy-revalidate.
    mayBeStale: !mustAsk && (said?.['s-maxage'] === undefined || granted),
    ifErrorMs,
    whileRevalidateMs,
  };
  return { ...copy, keptUntilMs: keptUntilMs(copy, policy) };
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

function flat(value: string | string[] | null): string | null {
  return Array.isArray(value) ? value.join(', ') : value;
}

function seconds(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value * 1000;
}
