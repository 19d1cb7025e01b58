import type { Address } from '../../table/addresses.ts';
import type { CertificatePair } from './secure-contexts.ts';

/** How endpoints are reached: what the control thread has found out and the topology does not say. */
export type Reach = {
  /** The addresses that discovery has found for an endpoint; undefined: ask the system's resolver. */
  readonly addresses: (endpointId: string) => readonly Address[] | undefined;
  /** The PEM text of the additional authorities of a service or backend. */
  readonly authorities: (service: string) => string | undefined;
  /** What is shown to its endpoints that ask. */
  readonly clientPair: (service: string) => CertificatePair | undefined;
};
