/** Requests of one client that stay with one endpoint. */
export type StickyPolicy = {
  /** How a client is told: by a cookie of ours, by a request header, or by its address (the /64 of an IPv6 one). */
  readonly by: 'cookie' | 'header' | 'client';
  /** The request header of `by: header`, in lower case. */
  readonly header: string;
  readonly cookie: StickyCookie;
  /** What becomes of a request whose endpoint fails: another endpoint, or 503. */
  readonly onFailure: 'move' | 'fail';
  /** An endpoint that has more than so many times its part is passed over, for `by: header` and `by: client`; above 1. */
  readonly loadMax: number;
};

export type StickyCookie = {
  readonly name: string;
  /** The first signs, all are believed; empty where no cookie is set. Each is a secret. */
  readonly secrets: readonly string[];
  readonly ttlMs: number;
  readonly sameSite: 'lax' | 'strict' | 'none';
  readonly secure: boolean;
};
