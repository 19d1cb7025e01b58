import type { Address } from '../../table/addresses.ts';
import type { CertificatePair } from './secure-contexts.ts';

/** How endpoints are reached: what the control thread has found out and the topology does not say. */
export type Reach = {
  /** The addresses that discovery has found for an endpoint; undefined: ask the system's resolver. */
  readonly addresses: (endpointId: string) => readonly Address[] | undefined;
  /** The PEM text of additional authorities, by the name of a service or the id of an endpoint that names its own. */
  readonly authorities: (holder: string) => string | undefined;
  /** What is shown to endpoints that ask, in the same way. */
  readonly clientPair: (holder: string) => CertificatePair | undefined;
};
