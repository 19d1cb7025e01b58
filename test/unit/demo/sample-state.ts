import { DEMO_REGIONS } from '../../../src/demo/regions.ts';
import type { DemoState } from '../../../src/demo/state.ts';

/** A demo in which gcp/europe-west1 was stopped half a minute after the start. */
export function sampleState(changes: Partial<DemoState> = {}): DemoState {
  return {
    elapsedMs: 31_400,
    forMs: undefined,
    url: 'http://127.0.0.1:45751/',
    adminUrl: 'http://127.0.0.1:34323',
    regions: DEMO_REGIONS.map(({ id, cloud, region }) => {
      const stopped = id === 'gcp/europe-west1';
      return {
        id,
        origin: stopped ? 'stopped' : 'running',
        share: stopped ? 0 : 0.2,
        edge: {
          cloud,
          region,
          state: stopped ? 'unhealthy' : 'healthy',
          health: stopped ? 0 : 0.97,
          inFlight: stopped ? 0 : 2,
          breaker: stopped ? 'half-open' : 'closed',
          requests: 100,
        },
      };
    }),
    clouds: [
      { cloud: 'aws', breaker: 'closed' },
      { cloud: 'gcp', breaker: 'open' },
      { cloud: 'azure', breaker: 'open' },
    ],
    flow: { requests: 1860, perSecond: 60.2, shares: {} },
    traffic: { sent: 1870, succeeded: 1859, failed: 1, inFlight: 10, heldBack: 0 },
    recent: { p50Ms: 92.4, p99Ms: 188.2 },
    failovers: 7,
    news: [
      { atMs: 30_100, text: 'gcp/europe-west1 was stopped' },
      { atMs: 31_200, text: 'the breaker of gcp/europe-west1 is open' },
    ],
    mode: 'plain',
    ...changes,
  };
}
