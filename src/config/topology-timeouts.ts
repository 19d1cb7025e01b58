/** How long endpoints, and requests in all, may take. */
export type TimeoutPolicy = {
  readonly connectMs: number;
  readonly firstByteMs: number;
  /** How long a request that can go elsewhere waits for a first byte; `auto` follows the endpoint's own latency. */
  readonly patienceMs: number | 'auto' | 'off';
  /** Methods whose requests may be under way at two endpoints at once, when patience is lost. */
  readonly patienceMethods: readonly string[];
  /** From the head of a request to the end of its answer, over all attempts; infinite: as long as the others let it. */
  readonly requestMs: number;
  /** The field that tells endpoints what is left of that, in lower case; undefined: none does. */
  readonly requestHeader: string | undefined;
  /** Whose own value of that field holds, where it is shorter. */
  readonly requestHeaderFrom: 'never' | 'trusted' | 'always';
  /** An upstream connection that is older takes no more requests; each lasts a little less, by chance. */
  readonly connectionAgeMs: number;
  /** A body or upstream connection on which nothing moves is closed. */
  readonly idleMs: number;
  /** The same for streams, which are meant to rest: tunnels (WebSocket and the like), server-sent events, and calls of gRPC. */
  readonly streamMs: number;
};
