import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import type { Emit } from '../table/event.ts';
import { type LoopDeps, runLoop } from '../table/loop.ts';
import type { TicketKeys } from './ticket-keys.ts';

/** How often it is looked after. */
export const UPKEEP_MS = 1000;

export type UpkeepDeps = LoopDeps & {
  readonly ticketKeys: TicketKeys;
  /** Gives all threads the ticket keys that are current now. */
  readonly deployKeys: () => void;
  /** Opens and closes a file; throws when that cannot be done. */
  readonly touch?: () => void;
};

/** What has to be looked after in the process itself: keys that grow old, and files that may not be opened any more. */
export function runUpkeep(deps: UpkeepDeps): Promise<void> {
  const { ticketKeys, deployKeys, clock, emit, touch = touchFile } = deps;
  const tick = async (): Promise<void> => {
    if (ticketKeys.renew(clock.nowMs())) deployKeys();
    reportExhausted(touch, emit);
  };
  return runLoop({ name: 'upkeep', periodMs: () => UPKEEP_MS, tick }, deps);
}

/**
 * A process without descriptors cannot accept: the runtime's loop accepts with one that it keeps for this, and closes the
 * connection at once, so that it does not spin; no error is emitted. So it is found out by opening a file.
 */
function reportExhausted(touch: () => void, emit: Emit): void {
  try {
    touch();
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EMFILE' || code === 'ENFILE') emit({ type: 'descriptors-exhausted', error: code });
  }
}

function touchFile(): void {
  closeSync(openSync(devNull, 'r'));
}
