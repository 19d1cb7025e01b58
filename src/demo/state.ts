import type { EdgeStatus, EndpointReading } from './edge-status.ts';
import type { Flow } from './history.ts';
import type { KeyMode } from './keys.ts';
import type { NewsItem } from './news.ts';
import type { OriginState } from './origin.ts';
import type { DemoRegion } from './regions.ts';
import type { Quantiles, TrafficCounts } from './tally.ts';

/** A region as the view shows it; `edge` is undefined until the edge has said something of it. */
export type RegionState = {
  readonly id: string;
  readonly origin: OriginState;
  /** Of the requests of the last seconds, 0 to 1. */
  readonly share: number;
  readonly edge: EndpointReading | undefined;
};

/** Everything that is shown, at one moment. */
export type DemoState = {
  readonly elapsedMs: number;
  readonly forMs: number | undefined;
  /** Of the edge and of its admin port. */
  readonly url: string;
  readonly adminUrl: string;
  readonly regions: readonly RegionState[];
  readonly clouds: EdgeStatus['clouds'];
  readonly flow: Flow;
  readonly traffic: TrafficCounts;
  readonly recent: Quantiles;
  readonly failovers: number;
  /** Newest last. */
  readonly news: readonly NewsItem[];
  readonly mode: KeyMode;
};

/** The regions in their order, with what is known of each. */
export function regionStates(
  regions: readonly DemoRegion[],
  origins: Readonly<Record<string, OriginState>>,
  { endpoints }: Pick<EdgeStatus, 'endpoints'>,
  { shares }: Pick<Flow, 'shares'>,
): readonly RegionState[] {
  return regions.map(({ id, cloud, region }) => ({
    id,
    origin: origins[id] ?? 'stopped',
    share: shares[id] ?? 0,
    edge: endpoints.find((endpoint) => endpoint.cloud === cloud && endpoint.region === region),
  }));
}
