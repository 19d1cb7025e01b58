/**
 * Challenges of an authority that are open: what it asks any edge for, to find out whether a name leads here. Neither is a secret to
 * whoever knows what to ask for.
 */
export type Challenges = {
  /** The answers to HTTP-01 (RFC 8555 §8.3) by token. */
  readonly tokens: ReadonlyMap<string, string>;
  /** The certificates for TLS-ALPN-01 (RFC 8737) by name, in lower case. */
  readonly certificates: ReadonlyMap<string, { readonly cert: string; readonly key: string }>;
};
