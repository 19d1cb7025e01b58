import type { SloReport } from '../observe/slo-report.ts';
import { adminTarget, askAdmin } from './admin-client.ts';
import { SLO } from './commands/asking.ts';
import { load } from './load.ts';
import { allowances, budgets, budgetTable, liveTable, publishedTable } from './slo-table.ts';
import { EXIT, parsed } from './usage.ts';

/** Prints what an objective allows; with a file, each service's; with `--live`, how much of it the running edge has left. */
export async function slo(args: string[]): Promise<number> {
  const { values } = parsed(SLO, args);
  const services = values.config === undefined ? undefined : (await load(values.config)).services;
  const live =
    values.live === true
      ? (await askAdmin<{ readonly services: readonly SloReport[] }>(await adminTarget(values), '/slo')).services
      : undefined;
  if (values.json === true) {
    const said = { objectives: allowances(), ...(services && { services: budgets(services) }), ...(live && { live }) };
    process.stdout.write(`${JSON.stringify(said, null, 2)}\n`);
    return EXIT.fine;
  }
  const parts = [publishedTable(), ...(services ? [budgetTable(services)] : []), ...(live ? [liveTable(live)] : [])];
  process.stdout.write(parts.join('\n'));
  return EXIT.fine;
}
