import type { Cloud } from './topology-cloud.ts';
import type { Fence } from './topology-fence.ts';
import type { StickyPolicy } from './topology-sticky.ts';

/** Tiers that the endpoints of one service may be in; they count from 1. */
export const TIERS_MAX = 8;

/** What the file gives an endpoint, whatever its score. */
export type EndpointShares = {
  /** Share of the requests that its score would give it, 0 to 1. */
  readonly weight: number;
  /** From 1 on; a tier takes only what those before it cannot. */
  readonly tier: number;
  /** Which set of a split it is in. */
  readonly set: string | undefined;
  /** Its own `overflowMax`; undefined: that of its service. */
  readonly overflowMax: number | undefined;
};

/** How requests are shared out among endpoints, beside their scores. */
export type RoutingShares = {
  /** Share of the requests that scores would give a cloud, 0 to 1; times the weight of each endpoint. */
  readonly cloudWeights: Readonly<Record<Cloud, number>>;
  /** Parts of its capacity; infinite is off. From the first on an endpoint goes behind those that have room. */
  readonly spillAt: number;
  /** Up to here it takes what is not its own. */
  readonly overflowMax: number;
  /** From here on it gets nothing more. */
  readonly shedAt: number;
  /** Whether endpoints get no more at a time than they were found to bear. */
  readonly inFlightMax: 'off' | 'learned';
  /** Share of a tier's capacity, 0 to 1, below which health is disregarded; 0 is off. */
  readonly panicBelow: number;
};

/** Which endpoints a request of a service may go to, and which it is meant for. */
export type ServiceShares = {
  /** Parts of requests by set of endpoints; how they stand to each other counts, and they sum to more than 0. */
  readonly split: Readonly<Record<string, number>> | undefined;
  /** Undefined: each request goes where it is best for it. */
  readonly sticky: StickyPolicy | undefined;
  /** All that hold a client count; empty: every endpoint may serve every client. */
  readonly fences: readonly Fence[];
};
