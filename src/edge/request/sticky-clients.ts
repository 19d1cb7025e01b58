import type { Service } from '../../config/topology.ts';
import type { StickyPolicy } from '../../config/topology-sticky.ts';
import { hashOf, mixed, unitOf } from '../../routing/hash.ts';
import { NOT_STUCK } from '../../routing/sticky-choice.ts';
import type { HeaderFields } from '../message/request-head.ts';
import { CookieSigner, cookieValue, type Reading } from './sticky-cookie.ts';

/** What a request says of the client that it is from. */
export type Stuck = {
  /** Of what tells the client; undefined by cookie, where the endpoint is known or chosen as for anybody. */
  readonly hash: number | undefined;
  /** The endpoint that its cookie names, by position; `NOT_STUCK` without a good one. */
  readonly index: number;
  /** Why its cookie was not believed. */
  readonly ignored: Exclude<Reading['is'], 'good'> | undefined;
  /** In [0, 1), the same for each request of the client: what its share and its set are drawn by; undefined: by chance. */
  readonly draw: number | undefined;
  readonly setDraw: number | undefined;
  /** The field that keeps the client with the endpoint at `index`; undefined when it has that already. */
  readonly setCookie: (index: number) => string | undefined;
};

/** Tells the clients of one service apart, in one thread. */
export class StickyClients {
  readonly #policy: StickyPolicy;
  readonly #signer: CookieSigner;

  constructor({ name, endpoints }: Pick<Service, 'name' | 'endpoints'>, policy: StickyPolicy) {
    this.#policy = policy;
    this.#signer = new CookieSigner(
      name,
      policy.cookie,
      endpoints.map(({ id }) => id),
    );
  }

  /** Undefined for a request that does not say whose it is. */
  of(fields: HeaderFields, address: string, wallMs: number): Stuck | undefined {
    if (this.#policy.by === 'cookie') return this.#byCookie(fields, wallMs);
    const who = this.#policy.by === 'client' ? networkOf(address) : fields.first(this.#policy.header);
    if (who === undefined || who === '') return undefined;
    const hash = hashOf(who);
    return {
      hash,
      index: NOT_STUCK,
      ignored: undefined,
      draw: unitOf(mixed(hash ^ SHARE_SALT)),
      setDraw: unitOf(mixed(hash ^ SET_SALT)),
      setCookie: () => undefined,
    };
  }

  #byCookie(fields: HeaderFields, wallMs: number): Stuck {
    const field = fields.joined('cookie');
    const value = field === undefined ? undefined : cookieValue(field, this.#policy.cookie.name);
    const reading = value === undefined ? undefined : this.#signer.read(value, wallMs);
    const good = reading?.is === 'good' ? reading : undefined;
    const renewMs = (good?.expiresMs ?? 0) - this.#policy.cookie.ttlMs / 2;
    return {
      hash: undefined,
      index: good?.index ?? NOT_STUCK,
      ignored: reading === undefined || reading.is === 'good' ? undefined : reading.is,
      draw: undefined,
      setDraw: undefined,
      setCookie: (index) =>
        good?.index === index && wallMs < renewMs ? undefined : this.#signer.setCookie(index, wallMs),
    };
  }
}

const SHARE_SALT = 0x5bd1e995;
const SET_SALT = 0x27d4eb2f;

/** An IPv4 address as it is; of an IPv6 one the /64, within which one client changes its address as it likes. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  return [...left, ...zeros, ...right]
    .slice(0, 4)
    .map((part) => Number.parseInt(part, 16).toString(16))
    .join(':');
}
