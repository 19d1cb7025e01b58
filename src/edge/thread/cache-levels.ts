import type { ServiceLadder } from '../../degraded/service-ladder.ts';
import { countCell, levelCell, SERVICE_CELLS } from '../../table/service-cells.ts';
import type { WorkerBlock } from '../../table/worker-block.ts';

const ENTRIES = levelCell('cache-entries');
const BYTES = levelCell('cache-bytes');
const REFUSES = levelCell('cache-refuses');
const EVICTIONS = countCell('cache-eviction');

/** Writes into a service's cells what the copies of its ladder come to in this thread, to be called now and then. One that has no slot any more has none. */
export function writeCacheLevels(
  ladder: Pick<ServiceLadder, 'takeLevels' | 'takesCopies'>,
  slot: number | undefined,
  { services }: Pick<WorkerBlock, 'services'>,
): void {
  if (slot === undefined) return;
  const cells = slot * SERVICE_CELLS;
  services[cells + REFUSES] = ladder.takesCopies ? 0 : 1;
  const levels = ladder.takeLevels();
  services[cells + ENTRIES] = levels?.entries ?? 0;
  services[cells + BYTES] = levels?.bytes ?? 0;
  services[cells + EVICTIONS] = (services[cells + EVICTIONS] as number) + (levels?.evicted ?? 0);
}
