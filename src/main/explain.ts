import { isIP } from 'node:net';
import { type Explained, explainRequest } from '../compose/explain-request.ts';
import type { Topology } from '../config/topology.ts';
import { readDatabase } from '../geo/database-file.ts';
import { EndpointTable } from '../table/endpoint-table.ts';
import { NO_PLACEMENT, NOT_BUSY, place } from '../table/placement.ts';
import { monotonicMs } from '../table/system-clock.ts';
import { workerBlockBytes } from '../table/worker-block.ts';
import { adminUrl, askAdmin } from './admin-client.ts';
import { explanationTable } from './explanation-table.ts';
import { load } from './load.ts';
import { EXIT, parsed, UsageError } from './usage.ts';

type Question = {
  readonly clientIp: string;
  readonly priority: string | undefined;
  readonly service: string | undefined;
};

/** Shows where a request would go and why: by the file alone, or (`--live`) by what the running edge sees now. */
export async function explain(args: string[]): Promise<number> {
  const { values } = parsed({
    args,
    options: {
      config: { type: 'string', short: 'c' },
      'client-ip': { type: 'string' },
      priority: { type: 'string' },
      service: { type: 'string' },
      live: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const clientIp = values['client-ip'];
  if (clientIp === undefined || isIP(clientIp) === 0) {
    throw new UsageError('explain needs --client-ip with an IPv4 or IPv6 address');
  }
  const topology = await load(values.config);
  const question = { clientIp, priority: values.priority, service: values.service };
  const explained = values.live ? await askEdge(topology, question) : await byFile(topology, question);
  if ('error' in explained) throw new Error(explained.error);
  process.stdout.write(values.json ? `${JSON.stringify(explained, null, 2)}\n` : explanationTable(explained));
  return EXIT.fine;
}

/** A table that nothing has happened in: every endpoint unknown and idle, as at the start. */
async function byFile(topology: Topology, question: Question): Promise<Explained | { readonly error: string }> {
  const { database } = await readDatabase(topology.geoDatabase);
  const endpoints = topology.services.reduce((sum, service) => sum + service.endpoints.length, 0);
  const limits = { rows: endpoints, services: topology.services.length, workers: 1 };
  const table = EndpointTable.create(monotonicMs(), limits, workerBlockBytes(limits));
  const { placement } = place(topology, NO_PLACEMENT, NOT_BUSY, limits);
  return explainRequest({ topology, placement, geo: database, table, nowMs: 0 }, question);
}

function askEdge(topology: Topology, { clientIp, priority, service }: Question): Promise<Explained> {
  const query = new URLSearchParams({ client_ip: clientIp });
  if (priority !== undefined) query.set('priority', priority);
  if (service !== undefined) query.set('service', service);
  return askAdmin<Explained>({ url: adminUrl(topology), token: topology.admin.token }, `/explain?${query.toString()}`);
}
