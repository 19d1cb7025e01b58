import type { Normal } from './normal.ts';

/** Fields that this edge says itself, as it writes them in HTTP/1.1. */
const OWN = [
  'Allow',
  'Alt-Svc',
  'Cache-Control',
  'Content-Type',
  'Link',
  'Location',
  'Proxy-Status',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'Set-Cookie',
  'Strict-Transport-Security',
  'Via',
  'X-Forwarded-For',
  'X-Forwarded-Host',
  'X-Forwarded-Proto',
  'X-Request-Id',
  'traceparent',
  'tracestate',
];

/**
 * HTTP/2 has no capitals in names. So that one scenario can say what is expected of both, a name that has come without them gets the
 * spelling back that the scenario, or this edge, gives it in HTTP/1.1.
 */
export class Spelling {
  readonly #known = new Map(OWN.map((name) => [name.toLowerCase(), name]));

  /** How somebody of the scenario spells a name; the first one holds. */
  learn(name: string): void {
    const lower = name.toLowerCase();
    if (!this.#known.has(lower)) this.#known.set(lower, name);
  }

  /** The same of every line of a text of HTTP/1.1 that looks like a field. */
  learnFrom(text: string): void {
    for (const [, name] of text.matchAll(LINE)) this.learn(name as string);
  }

  of(name: string): string {
    return this.#known.get(name) ?? name;
  }

  /** A message with the names of its fields spelled, unless they came spelled. */
  normal(message: Normal): Normal {
    const { headers, trailers } = message;
    return {
      ...message,
      headers: headers.map((line) => this.#line(line)),
      trailers: trailers.map((text, i) => (i % 2 === 0 ? this.of(text) : text)),
    };
  }

  #line(line: string): string {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    return OWN_LOWER.has(name) ? line : `${this.of(name)}${line.slice(colon)}`;
  }
}

/** `normal.ts` has these in lower case in any case. */
const OWN_LOWER: ReadonlySet<string> = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'te']);

const LINE = /^([!#$%&'*+.^_`|~\w-]+):/gm;
