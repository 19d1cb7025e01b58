import type { FleetAnswer } from '../compose/fleet-answer.ts';
import { adminTarget, askAdmin } from './admin-client.ts';
import { FLEET_STATUS } from './commands/asking.ts';
import { fleetTables } from './fleet-table.ts';
import { EXIT, parsed } from './usage.ts';

/** `meridian fleet status`: how the fleet is, as a running edge sees it, and what operators decided. */
export async function fleetStatus(args: string[]): Promise<number> {
  const { values } = parsed(FLEET_STATUS, args);
  const answer = await askAdmin<FleetAnswer>(await adminTarget(values), '/fleet');
  process.stdout.write(values.json ? `${JSON.stringify(answer, null, 2)}\n` : fleetTables(answer));
  return EXIT.fine;
}
