import type { EndpointTable } from './endpoint-table.ts';
import type { Placement } from './placement.ts';

/**
 * Writes into the table which flags are on, one byte each, for the rules of `match` that go by them. Only the control thread does, and
 * before it deploys a placement that has new ones.
 */
export function writeFlags(
  { flags = {} }: Pick<Placement, 'flags'>,
  { live }: Pick<EndpointTable, 'live'>,
  isOn: (flag: string) => boolean,
): void {
  for (const [flag, cell] of Object.entries(flags)) live.flags[cell] = isOn(flag) ? 1 : 0;
}
