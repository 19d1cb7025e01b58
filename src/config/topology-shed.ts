/** Who is turned away first when not all can be served. */
export type ShedPolicy = {
  /** Names of priorities; the first goes first. */
  readonly order: readonly string[];
  /** Load of the service, as a share of what it is built for, from which the first is turned away. */
  readonly from: number;
  /** The same of how late an edge thread is. */
  readonly lagMaxMs: number;
};
