import type { Topology } from '../../config/topology.ts';
import type { AddressBook } from '../../table/addresses.ts';
import type { Challenges } from '../../table/challenges.ts';
import type { Placement } from '../../table/placement.ts';
import type { CertificatePair } from '../upstream/secure-contexts.ts';
import type { ListenerPem } from './handshakes.ts';

/** A topology, and what the control thread has found out about reaching what it names. */
export type Deployment = {
  readonly topology: Topology;
  readonly placement: Placement;
  readonly addresses: AddressBook;
  /** PEM texts of additional authorities, by the name of a service or the id of an endpoint. */
  readonly authorities: Readonly<Record<string, string>>;
  /** What is shown to endpoints that ask, by service. */
  readonly clientPairs: Readonly<Record<string, CertificatePair>>;
  /** What listeners show in TLS handshakes, by their names; of those without TLS, nothing. */
  readonly listenerPem: Readonly<Record<string, ListenerPem>>;
  /** Those of authorities that are open; undefined while none is. */
  readonly challenges?: Challenges | undefined;
  /** What session tickets are sealed with: 48 bytes that all threads share. Undefined: each has its own. */
  readonly ticketKeys: Uint8Array | undefined;
};
