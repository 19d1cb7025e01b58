import type { LoopDelay, LoopDelayReading } from '../table/loop-delay.ts';
import type { Family } from './family.ts';

/** How late the control thread's event loop was since the last scrape. The first family reads it for all of them. */
export function loopFamilies(delay: Pick<LoopDelay, 'read'>): readonly Family[] {
  let reading: LoopDelayReading | undefined;
  const family = (name: string, what: string, of: (reading: LoopDelayReading) => number): Family => ({
    name,
    help: `${what} event-loop delay of the control thread since the last scrape.`,
    type: 'gauge',
    samples: () => {
      if (name === MAX) reading = delay.read();
      return reading === undefined ? [] : [{ labels: {}, value: of(reading) / 1000 }];
    },
  });
  return [
    family(MAX, 'Longest', ({ maxMs }) => maxMs),
    family('meridian_nodejs_eventloop_lag_p50_seconds', 'Median', ({ p50Ms }) => p50Ms),
    family('meridian_nodejs_eventloop_lag_p90_seconds', '90th percentile of', ({ p90Ms }) => p90Ms),
    family('meridian_nodejs_eventloop_lag_p99_seconds', '99th percentile of', ({ p99Ms }) => p99Ms),
  ];
}

const MAX = 'meridian_nodejs_eventloop_lag_max_seconds';
