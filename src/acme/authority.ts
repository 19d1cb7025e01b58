import type { KeyObject } from 'node:crypto';
import { AuthorityError } from './authority-error.ts';
import type { Ask, Exchange, Reply } from './exchange.ts';
import { jwkOf, signedJws } from './jws.ts';
import { retryAfterMs } from './retry-after.ts';

/** What an authority says it can do (RFC 8555 §7.1.1); `renewalInfo` where it says when to renew (RFC 9773). */
export type Directory = {
  readonly newNonce: string;
  readonly newAccount: string;
  readonly newOrder: string;
  readonly renewalInfo: string | undefined;
};

/** A resource of an authority as it answered. */
export type Resource = {
  readonly value: Readonly<Record<string, unknown>>;
  /** Where it is, when the answer says. */
  readonly location: string | undefined;
  /** It is not to be asked before so long; 0 when it did not say. */
  readonly retryAfterMs: number;
};

export type AuthorityParts = {
  readonly directory: string;
  readonly exchange: Exchange;
  /** The key of the account. */
  readonly key: KeyObject;
  readonly wallMs: () => number;
};

/** A request whose nonce was refused is signed anew, so often. Some authorities refuse good ones, to see what their clients make of it. */
export const NONCE_TRIES_MAX = 20;

/** Asks one authority, with one account's key: signs, keeps nonces, and makes errors of what it says in its problem documents. */
export class Authority {
  readonly #parts: AuthorityParts;
  #directory: Promise<Directory> | undefined;
  /** Of the last answer, for the next request. */
  #nonce: string | undefined;

  constructor(parts: AuthorityParts) {
    this.#parts = parts;
  }

  directory(): Promise<Directory> {
    this.#directory ??= this.#readDirectory();
    this.#directory.catch(() => (this.#directory = undefined));
    return this.#directory;
  }

  /** POSTs a payload, or asks for a resource where it is undefined. `account` is its URL; undefined: the key speaks for itself. */
  async post(url: string, payload: unknown, account: string | undefined): Promise<Resource> {
    const reply = await this.#signed(url, payload, account);
    return { value: objectIn(reply, url), location: reply.field('location'), retryAfterMs: this.#retryAfter(reply) };
  }

  /** A resource that is a text. */
  async text(url: string, account: string): Promise<string> {
    return (await this.#signed(url, undefined, account)).body;
  }

  /** A resource that anybody may ask for. */
  async get(url: string): Promise<Resource> {
    const reply = await this.#ask({ method: 'GET', url });
    if (reply.status !== 200) throw this.#problem(reply, url);
    return { value: objectIn(reply, url), location: undefined, retryAfterMs: this.#retryAfter(reply) };
  }

  async #readDirectory(): Promise<Directory> {
    const { value } = await this.get(this.#parts.directory);
    const url = (name: string): string => {
      const found = value[name];
      if (typeof found === 'string' && found.startsWith('https://')) return found;
      throw new AuthorityError('away', `the directory ${this.#parts.directory} has no ${name}; is it one of ACME?`);
    };
    const renewalInfo = value['renewalInfo'] === undefined ? undefined : url('renewalInfo');
    return { newNonce: url('newNonce'), newAccount: url('newAccount'), newOrder: url('newOrder'), renewalInfo };
  }

  async #signed(url: string, payload: unknown, account: string | undefined): Promise<Reply> {
    const { key } = this.#parts;
    const who = account === undefined ? { jwk: jwkOf(key) } : { kid: account };
    for (let tries = 1; ; tries += 1) {
      const nonce = await this.#nextNonce();
      const jws = signedJws({ url, nonce, ...who }, payload, key);
      const reply = await this.#ask({ method: 'POST', url, body: JSON.stringify(jws) });
      if (reply.status >= 200 && reply.status < 300) return reply;
      const problem = this.#problem(reply, url);
      if (problem.type !== 'badNonce' || tries >= NONCE_TRIES_MAX) throw problem;
    }
  }

  async #nextNonce(): Promise<string> {
    if (this.#nonce === undefined) {
      const { newNonce } = await this.directory();
      await this.#ask({ method: 'HEAD', url: newNonce });
    }
    const nonce = this.#nonce;
    this.#nonce = undefined;
    if (nonce === undefined) throw new AuthorityError('away', `${this.#parts.directory} gives no nonces`);
    return nonce;
  }

  async #ask(ask: Ask): Promise<Reply> {
    const reply = await this.#parts.exchange.ask(ask);
    const nonce = reply.field('replay-nonce');
    // It goes into a header of ours as it is (RFC 8555 §6.5.1).
    if (nonce !== undefined && /^[A-Za-z0-9_-]{1,512}$/.test(nonce)) this.#nonce = nonce;
    return reply;
  }

  #retryAfter(reply: Reply): number {
    return retryAfterMs(reply.field('retry-after'), this.#parts.wallMs());
  }

  #problem(reply: Reply, url: string): AuthorityError {
    const { type, detail } = problemIn(reply.body);
    const name = type.replace(/^urn:ietf:params:acme:error:/, '');
    const path = URL.parse(url)?.pathname ?? url;
    const said = [name, detail].filter((part) => part !== '').join(': ');
    const message = `${path} answers ${reply.status}${said === '' ? '' : ` (${said})`}`;
    const after = this.#retryAfter(reply);
    const limited = name === 'rateLimited' || reply.status === 429;
    const trouble = limited ? 'limited' : reply.status >= 500 || name === 'serverInternal' ? 'away' : 'refused';
    return new AuthorityError(trouble, message, { type: name, retryAfterMs: after });
  }
}

/** Details are for people, and go into logs. */
const DETAIL_CHARS_MAX = 300;

/** The type and the detail of a problem document (RFC 7807), with those of its parts. */
export function problemIn(body: string): { readonly type: string; readonly detail: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return { type: '', detail: '' };
  }
  return problemOf(parsed);
}

/** What a problem document (RFC 7807) says, with those of its parts: on one line, and cut to 300 characters. Empty texts where it is none. */
export function problemOf(value: unknown): { readonly type: string; readonly detail: string } {
  if (typeof value !== 'object' || value === null) return { type: '', detail: '' };
  const { type, detail, subproblems } = value as Readonly<Record<string, unknown>>;
  const parts = Array.isArray(subproblems) ? subproblems.map((one) => problemOf(one).detail) : [];
  const all = [detail, ...parts].filter((one) => typeof one === 'string' && one !== '').join('; ');
  return {
    type: typeof type === 'string' ? type.slice(0, DETAIL_CHARS_MAX) : '',
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a log line has none
    detail: all.replaceAll(/[\x00-\x1f\x7f]+/g, ' ').slice(0, DETAIL_CHARS_MAX),
  };
}

function objectIn(reply: Reply, url: string): Resource['value'] {
  let value: unknown;
  try {
    value = JSON.parse(reply.body === '' ? '{}' : reply.body);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Resource['value'];
  throw new AuthorityError('away', `${URL.parse(url)?.pathname ?? url} answers with what is no JSON object`);
}
