import type { KeyObject } from 'node:crypto';
import type { AcmeSettings, ChallengeType } from '../config/topology-acme.ts';
import type { Clock } from '../table/clock.ts';
import type { Sleep } from '../table/loop.ts';
import { type Authority, problemOf, type Resource } from './authority.ts';
import { AuthorityError } from './authority-error.ts';
import { keyAuthorization } from './jws.ts';
import { newKeyPair } from './key-pair.ts';
import { signingRequest } from './signing-request.ts';

/** What an authority will ask for, and what is to be answered. */
export type Proof = {
  readonly type: ChallengeType;
  readonly domain: string;
  readonly token: string;
  readonly keyAuthorization: string;
};

export type Ordered = { readonly key: string; readonly chain: string };

export type OrderWish = {
  readonly domain: string;
  readonly keyType: AcmeSettings['keyType'];
  /** Those that may be tried; the first that the authority offers is. */
  readonly challenges: readonly ChallengeType[];
  /** The certificate that this one replaces, as RFC 9773 names it; undefined where the authority does not want to know. */
  readonly replaces: string | undefined;
};

export type OrderDeps = {
  readonly authority: Pick<Authority, 'directory' | 'post' | 'text'>;
  /** The URL of the account, and its key. */
  readonly account: string;
  readonly key: KeyObject;
  /** Has every edge answer a challenge; resolves when they do, with what ends that. */
  readonly prove: (proof: Proof) => Promise<() => void>;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly signal: AbortSignal;
};

/** How long an authority may take over an order, all in all. */
export const ORDER_MS_MAX = 5 * 60_000;
/** How often it is asked how far it has come, at first and at most; `Retry-After` within these. */
const POLL_MS = 500;
const POLL_MS_MAX = 10_000;

/** Obtains a certificate for one name (RFC 8555 §7.4), from the order to the chain. Rejects with an `AuthorityError`. */
export async function obtain(wish: OrderWish, deps: OrderDeps): Promise<Ordered> {
  const order = new Order(deps, deps.clock.nowMs() + ORDER_MS_MAX);
  const placed = await order.place(wish);
  for (const url of textsIn(placed.value['authorizations'])) await order.prove(url, wish);
  await order.until(placed.url, 'the order', ['ready', 'valid'], ['pending', 'processing']);
  const keys = await newKeyPair(wish.keyType);
  const csr = signingRequest(wish.domain, keys).toString('base64url');
  await deps.authority.post(textIn(placed.value, 'finalize'), { csr }, deps.account);
  const done = await order.until(placed.url, 'the order', ['valid'], ['ready', 'processing', 'pending']);
  const chain = await deps.authority.text(textIn(done.value, 'certificate'), deps.account);
  return { key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }), chain };
}

type Placed = { readonly url: string; readonly value: Resource['value'] };

class Order {
  readonly #deps: OrderDeps;
  readonly #untilMs: number;

  constructor(deps: OrderDeps, untilMs: number) {
    this.#deps = deps;
    this.#untilMs = untilMs;
  }

  async place({ domain, replaces }: OrderWish): Promise<Placed> {
    const { authority, account } = this.#deps;
    const { newOrder } = await authority.directory();
    const payload = { identifiers: [{ type: 'dns', value: domain }] };
    const place = (more: object) => authority.post(newOrder, { ...payload, ...more }, account);
    const { location, value } =
      replaces === undefined
        ? await place({})
        : await place({ replaces }).catch((error: AuthorityError) => {
            // It was replaced before, or is not theirs: that is no reason to go without one (RFC 9773 §5).
            if (error.trouble !== 'refused') throw error;
            return place({});
          });
    if (location === undefined) throw new AuthorityError('wrong', 'the authority does not say where the order is');
    return { url: location, value };
  }

  /** Shows the authority that the name leads here, unless it knows. */
  async prove(url: string, { domain, challenges }: OrderWish): Promise<void> {
    const { authority, account, key } = this.#deps;
    const { value } = await authority.post(url, undefined, account);
    if (value['status'] === 'valid') return;
    const { identifier } = value as { readonly identifier?: { readonly value?: unknown } };
    if (identifier?.value !== domain) throw new AuthorityError('wrong', `it wants a proof for another name`);
    const { type, token, url: challengeUrl } = chosen(value['challenges'], challenges);
    const end = await this.#deps.prove({ type, domain, token, keyAuthorization: keyAuthorization(token, key) });
    try {
      await authority.post(challengeUrl, {}, account);
      await this.until(url, `the proof by ${type}`, ['valid'], ['pending', 'processing']);
    } finally {
      end();
    }
  }

  /** Asks for a resource until its status is one of `wanted`. Rejects when it is neither that nor one of `meanwhile`, or the time is up. */
  async until(url: string, what: string, wanted: readonly string[], meanwhile: readonly string[]): Promise<Resource> {
    const { authority, account, clock, sleep, signal } = this.#deps;
    for (let waitMs = POLL_MS; ; waitMs = Math.min(POLL_MS_MAX, waitMs * 1.5)) {
      const resource = await authority.post(url, undefined, account);
      const status = String(resource.value['status']);
      if (wanted.includes(status)) return resource;
      if (!meanwhile.includes(status)) throw ended(what, status, resource.value);
      const leftMs = this.#untilMs - clock.nowMs();
      if (leftMs <= 0)
        throw new AuthorityError('away', `${what} is still ${status} after ${ORDER_MS_MAX / 60_000} minutes`);
      await sleep(Math.min(leftMs, Math.max(waitMs, Math.min(POLL_MS_MAX, resource.retryAfterMs))), signal);
      if (signal.aborted) throw new AuthorityError('away', 'the edge is ending');
    }
  }
}

function ended(what: string, status: string, value: Resource['value']): AuthorityError {
  const problems = [value['error'], ...listOf(value['challenges']).map(({ error }) => error)].map(problemOf);
  const { type, detail } = problems.find((one) => one.type !== '' || one.detail !== '') ?? { type: '', detail: '' };
  const name = type.replace(/^urn:ietf:params:acme:error:/, '');
  const why = [name, detail].filter((part) => part !== '').join(': ');
  const trouble = name === 'rateLimited' ? 'limited' : name === 'serverInternal' ? 'away' : 'refused';
  return new AuthorityError(trouble, `${what} is ${status.slice(0, 40)}${why === '' ? '' : ` (${why})`}`, {
    type: name,
  });
}

type Challenge = { readonly type: ChallengeType; readonly token: string; readonly url: string };

function chosen(offered: unknown, wanted: readonly ChallengeType[]): Challenge {
  const all = listOf(offered);
  for (const type of wanted) {
    const found = all.find((one) => one['type'] === type);
    if (found === undefined) continue;
    const { token, url } = found;
    // It becomes a part of a path and of a header of ours (RFC 8555 §8.3).
    if (typeof token === 'string' && /^[A-Za-z0-9_-]{16,512}$/.test(token) && typeof url === 'string') {
      return { type, token, url };
    }
    throw new AuthorityError('wrong', `its challenge ${type} has no token that can be one`);
  }
  const names = all.map(({ type }) => String(type).slice(0, 40)).join(', ');
  throw new AuthorityError(
    'refused',
    `it offers ${names === '' ? 'no challenge' : names}, and ${wanted.join(' or ')} is wanted`,
  );
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (one: unknown): one is Readonly<Record<string, unknown>> => typeof one === 'object' && one !== null,
  );
}

/** One name has one authorization; an authority that wants more of them is not followed far. */
const AUTHORIZATIONS_MAX = 8;

function textsIn(value: unknown): readonly string[] {
  const texts = Array.isArray(value) ? value.filter((one: unknown) => typeof one === 'string') : [];
  if (texts.length > 0 && texts.length <= AUTHORIZATIONS_MAX) return texts;
  throw new AuthorityError('wrong', `its order has ${texts.length} authorizations`);
}

function textIn(value: Resource['value'], name: string): string {
  const found = value[name];
  if (typeof found === 'string') return found;
  throw new AuthorityError('wrong', `its order has no ${name}`);
}
