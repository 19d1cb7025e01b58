/** Requests per time, and how many may come at once. */
export type RateLimit = { readonly requestsPerSecond: number; readonly burst: number };

/** What one client may do. */
export type ClientLimit = {
  readonly rate: RateLimit | undefined;
  /** Its requests under way at once; undefined: any number. */
  readonly concurrent: number | undefined;
  /** The request field that names the client, in lower case; undefined, or not in the request: its address does. */
  readonly header: string | undefined;
  /** Of an IPv6 address, so many bits are the client's. */
  readonly ipv6Prefix: number;
};

/** What a service takes of its clients; each is for all edge threads together. */
export type LimitPolicy = {
  readonly rate: RateLimit | undefined;
  readonly concurrent: number | undefined;
  /** Bytes of a request's body, and characters of its target. */
  readonly bodyBytesMax: number | undefined;
  readonly targetBytesMax: number | undefined;
  readonly clients: readonly ClientLimit[];
};
