import type { Topology } from '../config/topology.ts';
import { countCell, type ServiceCount, type ServiceLevel } from '../table/service-cells.ts';
import type { Family, Sample } from './family.ts';
import type { ServiceReading } from './service-totals.ts';

/** What the ladders of services keep, and of what use that is. A service without a ladder has no series. */
export function cacheFamilies(read: () => readonly ServiceReading[], topology: () => Topology): readonly Family[] {
  /** By service with a ladder, whether all threads share its store. */
  const ladders = (): ReadonlyMap<string, boolean> =>
    new Map(
      topology().services.flatMap(({ name, degraded }) =>
        degraded === undefined ? [] : [[name, degraded.cache.store === 'sqlite'] as const],
      ),
    );
  const each = (value: (service: ServiceReading, shared: boolean) => number) => (): readonly Sample[] => {
    const kept = ladders();
    return read().flatMap((service) => {
      const shared = kept.get(service.name);
      return shared === undefined ? [] : [{ labels: {}, sharedLabels: service.labels, value: value(service, shared) }];
    });
  };
  const counter = (name: string, help: string, count: ServiceCount): Family => {
    return { name, help, type: 'counter', samples: each(({ cells }) => cells[countCell(count)] as number) };
  };
  const gauge = (name: string, help: string, value: Parameters<typeof each>[0]): Family => {
    return { name, help, type: 'gauge', samples: each(value) };
  };
  const held = (level: ServiceLevel) => (service: ServiceReading, shared: boolean) => {
    const threads = service.level(level);
    return shared ? Math.max(0, ...threads) : threads.reduce((sum, one) => sum + one, 0);
  };
  return [
    gauge('meridian_cache_entries', 'Copies of answers that are kept, by service.', held('cache-entries')),
    gauge('meridian_cache_bytes', 'Bytes of copies of answers that are kept, by service.', held('cache-bytes')),
    gauge(
      'meridian_cache_writable',
      '0 when an edge thread cannot keep copies of the service: its store does not work; 1 otherwise.',
      (service) => (service.level('cache-refuses').some((one) => one > 0) ? 0 : 1),
    ),
    counter('meridian_cache_hits_total', 'Requests that a copy was the answer to, by service.', 'cache-hit'),
    counter(
      'meridian_cache_misses_total',
      'Requests that a copy was looked for, and no copy was the answer to.',
      'cache-miss',
    ),
    counter('meridian_cache_evictions_total', 'Copies that had to make room for others, by service.', 'cache-eviction'),
  ];
}
