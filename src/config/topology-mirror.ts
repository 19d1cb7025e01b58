/** Which requests of a service are sent to somebody else as well, whose answers nobody waits for. */
export type MirrorPolicy = {
  /** The service or backend whose endpoints get the copies. */
  readonly to: string;
  /** Of those requests whose method is named, 0 to 1. */
  readonly share: number;
  readonly methods: readonly string[];
  /** A longer body is not mirrored. */
  readonly bodyBytesMax: number;
  /** Copies under way at a time, per edge thread. */
  readonly concurrentMax: number;
  /** After this time a copy is given up. */
  readonly timeoutMs: number;
  /** Whether copies carry what says who asks. */
  readonly passesCredentials: boolean;
};
