import { isIP } from 'node:net';
import type { ExplainQuery } from '../admin/ports.ts';
import { type Explained, explainRequest } from '../compose/explain-request.ts';
import { endpointsOf } from '../config/owners.ts';
import type { Topology } from '../config/topology.ts';
import { readDatabase } from '../geo/database-file.ts';
import { EndpointTable } from '../table/endpoint-table.ts';
import { NO_PLACEMENT, NOT_BUSY, place } from '../table/placement.ts';
import { monotonicMs, wallClockMs } from '../table/system-clock.ts';
import { workerBlockBytes } from '../table/worker-block.ts';
import { type AdminTarget, adminTarget, askAdmin } from './admin-client.ts';
import { EXPLAIN } from './commands/asking.ts';
import { explanationTable } from './explanation-table.ts';
import { load } from './load.ts';
import { EXIT, parsed, UsageError } from './usage.ts';

type Question = ExplainQuery;

/** Shows where a request would go and why: by the file alone, or (`--live`) by what the running edge sees now. */
export async function explain(args: string[]): Promise<number> {
  const { values } = parsed(EXPLAIN, args);
  const clientIp = values['client-ip'];
  if (clientIp === undefined || isIP(clientIp) === 0) {
    throw new UsageError('explain needs --client-ip with an IPv4 or IPv6 address');
  }
  const { service, url, priority } = values;
  if (service !== undefined && url !== undefined)
    throw new UsageError('--url finds the service, and --service names it');
  const question = { clientIp, priority, service, url };
  const explained =
    values.live === true
      ? await askEdge(await adminTarget(values), question)
      : await byFile(await load(values.config), question);
  if ('error' in explained) throw new Error(explained.error);
  process.stdout.write(
    values.json === true ? `${JSON.stringify(explained, null, 2)}\n` : explanationTable(explained, wallClockMs()),
  );
  return EXIT.fine;
}

/** A table that nothing has happened in: every endpoint unknown and idle, as at the start. */
async function byFile(topology: Topology, question: Question): Promise<Explained | { readonly error: string }> {
  const { database } = await readDatabase(topology.geoDatabase);
  const services = topology.services.length + (topology.backends?.length ?? 0);
  const limits = { rows: endpointsOf(topology).length, services, workers: 1 };
  const table = EndpointTable.create(monotonicMs(), limits, workerBlockBytes(limits));
  const { placement } = place(topology, NO_PLACEMENT, NOT_BUSY, limits);
  return explainRequest({ topology, placement, geo: database, table, nowMs: 0 }, question);
}

function askEdge(target: AdminTarget, { clientIp, priority, service, url }: Question): Promise<Explained> {
  const query = new URLSearchParams({ client_ip: clientIp });
  for (const [key, value] of Object.entries({ priority, service, url })) if (value !== undefined) query.set(key, value);
  return askAdmin<Explained>(target, `/explain?${query.toString()}`);
}
