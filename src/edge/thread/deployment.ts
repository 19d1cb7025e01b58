import type { Topology } from '../../config/topology.ts';
import type { AddressBook } from '../../table/addresses.ts';
import type { Placement } from '../../table/placement.ts';
import type { ServerTls } from './secure-server.ts';

/** A topology, and what the control thread has found out about reaching what it names. */
export type Deployment = {
  readonly topology: Topology;
  readonly placement: Placement;
  readonly addresses: AddressBook;
  /** PEM texts of additional authorities, by service. */
  readonly authorities: Readonly<Record<string, string>>;
  /** The listener's certificate chain and key. */
  readonly tls: ServerTls | undefined;
};
