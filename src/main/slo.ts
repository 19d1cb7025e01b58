import type { SloReport } from '../observe/slo-report.ts';
import { adminUrl, askAdmin } from './admin-client.ts';
import { load } from './load.ts';
import { budgetTable, liveTable, publishedTable } from './slo-table.ts';
import { EXIT, parsed, UsageError } from './usage.ts';

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
    if (values.live) {
      const target = { url: adminUrl(topology), token: topology.admin.token };
      const { services } = await askAdmin<{ readonly services: readonly SloReport[] }>(target, '/slo');
      parts.push(liveTable(services));
    }
  }
  process.stdout.write(parts.join('\n'));
  return EXIT.fine;
}
