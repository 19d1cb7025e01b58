import type { Service, Topology } from '../../src/config/topology.ts';
import { type Ask, type Live, liveOf } from '../../src/routing/ask.ts';
import { latencyFactor } from '../../src/routing/factors.ts';
import { freshAsk } from '../../src/routing/fresh-ask.ts';
import { type ServiceView, viewOf } from '../../src/routing/view.ts';
import { EndpointTable, HEALTH_STATE } from '../../src/table/endpoint-table.ts';
import { NO_PLACEMENT, NOT_BUSY, type Placement, place } from '../../src/table/placement.ts';
import { type WorkerBlock, workerBlock, workerBlockBytes } from '../../src/table/worker-block.ts';

const LIMITS = { rows: 64, services: 8, workers: 2 };

/** A topology over a small table of its own, in which every endpoint is healthy. */
export type Stage = {
  readonly topology: Topology;
  readonly table: EndpointTable;
  readonly placement: Placement;
  readonly blocks: readonly WorkerBlock[];
  readonly live: Live;
  readonly view: ServiceView;
};

/** `view` is that of the topology's first service. */
export function stageOf(topology: Topology): Stage {
  const table = EndpointTable.create(0, LIMITS, workerBlockBytes(LIMITS));
  const { placement } = place(topology, NO_PLACEMENT, NOT_BUSY, LIMITS);
  for (const row of Object.values(placement.rows)) {
    table.live.health[row] = 1;
    table.live.state[row] = HEALTH_STATE.healthy;
  }
  return {
    topology,
    table,
    placement,
    blocks: table.shared.workers.map((_, worker) => workerBlock(table.shared, worker)),
    live: liveOf(table),
    view: viewOf(topology.services[0] as Service, placement),
  };
}

/** A question about `view` in which every endpoint is `ms` milliseconds away, unless `ms` says for each how far. */
export function askOf(view: ServiceView, ms: number | readonly number[], more: Partial<Ask> = {}): Ask {
  const row = Float64Array.from(view.rows, (_, i) => (typeof ms === 'number' ? ms : (ms[i] as number)));
  return {
    ...freshAsk(view, { nowMs: 1000, mayProbe: true }),
    latency: { ms: row, factors: row.map((value) => latencyFactor(value, view.service.routing.curve)), region: 0 },
    ...more,
  };
}
