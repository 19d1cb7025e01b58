import { ByteBudget } from '../../table/byte-budget.ts';

/** So much of what one client sends ahead of its turn is taken; more is left unread until it is that far. One read may go over it. */
export const AHEAD_BYTES_MAX = 64 * 1024;
/** So much is kept of what all clients of a thread have sent ahead of their turn. A connection that would go over it is closed after its answer. */
export const AHEAD_TOTAL_BYTES_MAX = 32 * 1024 * 1024;

/** What clients of this thread have sent ahead of their turn, in all: requests behind one that is still being answered, and bytes behind an upgrade. */
export class AheadBytes extends ByteBudget {
  constructor(totalBytesMax: number = AHEAD_TOTAL_BYTES_MAX) {
    super(totalBytesMax);
  }
}
