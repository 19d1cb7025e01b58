import type { ListenAddress } from '../config/topology-listener.ts';
import type { DatabaseFile } from '../geo/database-file.ts';
import type { Log } from '../observe/pino.ts';
import { LineRing } from '../table/line-ring.ts';
import type { Control } from './control.ts';
import { EdgeThreads } from './edge-threads.ts';
import { geoBytes } from './file-watches.ts';
import { canSharePort } from './port.ts';

type Threading = { readonly geo: DatabaseFile; readonly threadCount: number; readonly tolerant: boolean };

/** The edge threads with all that they need of the control thread. Nothing is started yet. */
export function startableThreads(
  { table, loops, rows, log, deployment, current }: Control,
  listen: readonly ListenAddress[],
  { geo, threadCount, tolerant }: Threading,
): EdgeThreads {
  return new EdgeThreads(
    {
      count: threadCount,
      listen,
      // Also for one thread: another that takes its place listens before it stops.
      reusePort: canSharePort(),
      shared: table.shared,
      emit: loops.emit,
      lines: table.shared.workers.map(() => carriedBy(log)),
      logged: log.announced,
      nowMs: loops.clock.nowMs,
      tolerant,
      drainMs: () => current.topology.edge.drainMs,
      died: (worker) => rows.threadDied(worker),
      deployed: (version) => rows.deployed(version),
    },
    deployment(),
    geoBytes(geo),
  );
}

/** A ring whose lines this log writes. */
function carriedBy(log: Log): LineRing {
  const ring = LineRing.create();
  log.carry(ring);
  return ring;
}
