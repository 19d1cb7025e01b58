import type { Socket } from 'node:net';
import type { Address } from '../../../table/addresses.ts';
import type { Clock } from '../../../table/clock.ts';
import type { Deadlines } from '../../../table/deadlines.ts';
import type { HeldBytes } from '../../frames/held-bytes.ts';

/** A socket that is connected, where to, and whether by TLS. */
export type Connected = { readonly address: Address; readonly socket: Socket; readonly secure: boolean };

/** What all connections of a thread share. */
export type ConnectionDeps = {
  readonly deadlines: Deadlines;
  readonly clock: Clock;
  readonly held: HeldBytes;
  /** Called with an error of our own that belongs to no request. */
  readonly faulted: (error: unknown) => void;
};
