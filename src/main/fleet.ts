import type { FleetAnswer } from '../compose/fleet-answer.ts';
import { ADMIN_OPTIONS, adminTarget, askAdmin } from './admin-client.ts';
import { fleetTables } from './fleet-table.ts';
import { EXIT, parsed, UsageError } from './usage.ts';

/** `meridian fleet status`: how the fleet is, as a running edge sees it, and what operators decided. */
export async function fleet(args: string[]): Promise<number> {
  const { values, positionals } = parsed({
    args,
    allowPositionals: true,
    options: { ...ADMIN_OPTIONS, json: { type: 'boolean', default: false } },
  });
  if (positionals.join(' ') !== 'status') throw new UsageError('fleet has one command: meridian fleet status');
  const answer = await askAdmin<FleetAnswer>(await adminTarget(values), '/fleet');
  process.stdout.write(values.json ? `${JSON.stringify(answer, null, 2)}\n` : fleetTables(answer));
  return EXIT.fine;
}
