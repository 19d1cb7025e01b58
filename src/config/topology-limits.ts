/** Requests per time, and how many may come at once. */
export type RateLimit = { readonly requestsPerSecond: number; readonly burst: number };

/** Rules for clients of one service: each costs a look at shared memory. */
export const CLIENT_LIMITS_MAX = 4;

/** What one client may do. */
export type ClientLimit = {
  readonly rate: RateLimit | undefined;
  /** Its requests under way at once; undefined: any number. */
  readonly concurrent: number | undefined;
  /** The request field that names the client, in lower case; undefined, or not in the request: its address does. */
  readonly header: string | undefined;
  /** What of its certificate names the client; undefined, or none shown: something else does. */
  readonly certificate: 'fingerprint' | 'subject' | undefined;
  /** Of an IPv6 address, so many bits are the client's. */
  readonly ipv6Prefix: number;
};

/** What a service takes of its clients; each is for all edge threads together, and rates, of all and of each client, for all edges of a fleet. */
export type LimitPolicy = {
  readonly rate: RateLimit | undefined;
  /** Whether rates are those of all edges of a fleet together, or of each. */
  readonly over: 'fleet' | 'edge';
  readonly concurrent: number | undefined;
  /** Bytes of a request's body, and characters of its target. */
  readonly bodyBytesMax: number | undefined;
  readonly targetBytesMax: number | undefined;
  /** Bytes of a head, and how many fields it has. */
  readonly headBytesMax: number | undefined;
  readonly fieldsMax: number | undefined;
  /** How long nothing may come of a body that has not ended. */
  readonly bodyPauseMs: number | undefined;
  readonly clients: readonly ClientLimit[];
};

/** How many connections one client may open. */
export type ConnectionLimit = { readonly rate: RateLimit; readonly ipv6Prefix: number };
