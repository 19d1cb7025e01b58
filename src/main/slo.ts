import type { Topology } from '../config/topology.ts';
import type { SloReport } from '../observe/slo-report.ts';
import { load } from './load.ts';
import { budgetTable, liveTable, publishedTable } from './slo-table.ts';
import { EXIT, parsed, UsageError } from './usage.ts';

const TIMEOUT_MS = 5000;

/** Prints what an objective allows; with a file, each service's; with `--live`, how much of it the running edge has left. */
export async function slo(args: string[]): Promise<number> {
  const { values } = parsed({
    args,
    options: {
      config: { type: 'string', short: 'c' },
      live: { type: 'boolean', default: false },
    },
  });
  if (values.live && values.config === undefined) {
    throw new UsageError('--live asks the edge that a file is for; give the file with -c FILE');
  }
  const parts = [publishedTable()];
  if (values.config !== undefined) {
    const topology = await load(values.config);
    parts.push(budgetTable(topology.services));
    if (values.live) parts.push(liveTable(await askEdge(topology)));
  }
  process.stdout.write(parts.join('\n'));
  return EXIT.fine;
}

async function askEdge({ admin }: Topology): Promise<readonly SloReport[]> {
  const { host, port } = admin.listen;
  const reached = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const url = new URL(`http://${reached.includes(':') ? `[${reached}]` : reached}:${port}/slo`);
  const answer = await fetch(url, {
    headers: admin.token === '' ? {} : { authorization: `Bearer ${admin.token}` },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: Error) => {
    throw new Error(`no edge answers on ${url.origin}; is it running? (admin.listen in the file)`, { cause: error });
  });
  if (!answer.ok) throw new Error(`${url.href} answered ${answer.status}; is admin.token in the file the edge's own?`);
  return ((await answer.json()) as { readonly services: readonly SloReport[] }).services;
}
