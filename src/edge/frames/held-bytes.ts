import { ByteBudget } from '../../table/byte-budget.ts';

/** Bytes of bodies that a thread holds for streams whose windows, or whose takers, have no room, over all connections. */
export const HELD_BYTES_MAX = 64 * 1024 * 1024;

/** Counts what is held; one for all connections of a thread. */
export class HeldBytes extends ByteBudget {
  constructor(bytesMax: number = HELD_BYTES_MAX) {
    super(bytesMax);
  }
}
