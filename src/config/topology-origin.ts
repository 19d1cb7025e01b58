import type { CertificateFiles } from './topology-listener.ts';

/** How `https` endpoints of a service are connected to, by traffic and checks alike. */
export type OriginTls = {
  /** PEM file of additional authorities. */
  readonly ca: string | undefined;
  /** The name to ask for (SNI), and to verify unless `verifyName` is another; the endpoint's host when undefined. */
  readonly serverName: string | undefined;
  readonly verifyName: string | undefined;
  /** What the edge shows of itself when an endpoint asks. */
  readonly client: CertificateFiles | undefined;
  /** Nothing is verified: whoever answers is believed. */
  readonly insecure: boolean;
};
