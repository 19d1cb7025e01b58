import { createHmac, timingSafeEqual } from 'node:crypto';
import type { StickyCookie } from '../../config/topology-sticky.ts';

/**
 * The value of a cookie: `v1.EXPIRY.ENDPOINT.SIGNATURE`. The expiry is in seconds, in base 36. The endpoint is a keyed hash of its id, which says nothing
 * of where it is to anybody without the secret. The signature is HMAC-SHA256 over all of it and the service's name, whole.
 */
const FORM = /^v1\.([0-9a-z]{1,9})\.([\w-]{16})\.([\w-]{43})$/;

/** Cookies that were found good and are remembered, per service and thread: a signature costs as much as a decision. */
export const REMEMBERED_MAX = 10_000;

/** What a cookie is worth; `index` is the endpoint's position in the service. */
export type Reading =
  | { readonly is: 'good'; readonly index: number; readonly expiresMs: number }
  | { readonly is: 'forged' | 'expired' | 'gone' };

/** Signs and reads the cookies of one service. Every edge with the same secrets makes and believes the same. */
export class CookieSigner {
  readonly #service: string;
  readonly #cookie: StickyCookie;
  readonly #ids: readonly string[];
  /** By secret: the endpoints by their hashes. */
  readonly #indexes: readonly ReadonlyMap<string, number>[];
  readonly #good = new Map<string, Extract<Reading, { is: 'good' }>>();

  constructor(service: string, cookie: StickyCookie, ids: readonly string[]) {
    this.#service = service;
    this.#cookie = cookie;
    this.#ids = ids;
    this.#indexes = cookie.secrets.map(
      (secret) => new Map(ids.map((id, index) => [hashOf(secret, service, id), index])),
    );
  }

  /** The whole `Set-Cookie` for a client that is to stay with an endpoint from now on. */
  setCookie(index: number, nowMs: number): string {
    const { name, secrets, ttlMs, sameSite, secure } = this.#cookie;
    const [secret = ''] = secrets;
    const expiry = Math.ceil((nowMs + ttlMs) / 1000).toString(36);
    const text = `v1.${expiry}.${hashOf(secret, this.#service, this.#ids[index] as string)}`;
    const value = `${text}.${signatureOf(secret, this.#service, text)}`;
    const site = `${(sameSite[0] as string).toUpperCase()}${sameSite.slice(1)}`;
    const maxAge = Math.round(ttlMs / 1000);
    return `${name}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly${secure ? '; Secure' : ''}; SameSite=${site}`;
  }

  read(value: string, nowMs: number): Reading {
    const known = this.#good.get(value);
    const reading = known ?? this.#verified(value);
    if (reading.is !== 'good') return reading;
    if (reading.expiresMs <= nowMs) {
      this.#good.delete(value);
      return { is: 'expired' };
    }
    if (known === undefined) this.#remember(value, reading);
    return reading;
  }

  #verified(value: string): Reading {
    const [, expiry = '', endpoint = '', signature = ''] = FORM.exec(value) ?? [];
    if (signature === '') return { is: 'forged' };
    const text = value.slice(0, -signature.length - 1);
    const given = Buffer.from(signature, 'latin1');
    const at = this.#cookie.secrets.findIndex((secret) =>
      timingSafeEqual(given, Buffer.from(signatureOf(secret, this.#service, text), 'latin1')),
    );
    if (at === -1) return { is: 'forged' };
    const index = this.#indexes[at]?.get(endpoint);
    if (index === undefined) return { is: 'gone' };
    return { is: 'good', index, expiresMs: Number.parseInt(expiry, 36) * 1000 };
  }

  #remember(value: string, reading: Extract<Reading, { is: 'good' }>): void {
    if (this.#good.size >= REMEMBERED_MAX) this.#good.delete(this.#good.keys().next().value as string);
    this.#good.set(value, reading);
  }
}

/** The value of the cookie with this name in a `Cookie` field, or several joined; undefined when it is not there. */
export function cookieValue(field: string, name: string): string | undefined {
  for (const pair of field.split(/[;,]/)) {
    const equals = pair.indexOf('=');
    if (equals !== -1 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return undefined;
}

function hashOf(secret: string, service: string, id: string): string {
  return createHmac('sha256', secret)
    .update(`endpoint\0${service}\0${id}`)
    .digest()
    .subarray(0, 12)
    .toString('base64url');
}

function signatureOf(secret: string, service: string, text: string): string {
  return createHmac('sha256', secret).update(`cookie\0${service}\0${text}`).digest('base64url');
}
