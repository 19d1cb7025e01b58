import type { CertificateFiles } from './topology-listener.ts';

/** How `https` endpoints of a service, or one of them, are connected to, by traffic and checks alike. */
export type OriginTls = {
  /** PEM file of additional authorities. */
  readonly ca: string | undefined;
  /** Under whose name the text of that is kept: the service's, or the id of an endpoint that names its own. */
  readonly caOf: string;
  /** The name to ask for (SNI), and to verify unless `verifyName` is another; the endpoint's host when undefined. */
  readonly serverName: string | undefined;
  readonly verifyName: string | undefined;
  /** What the edge shows of itself when an endpoint asks. */
  readonly client: CertificateFiles | undefined;
  /** Under whose name the texts of that are kept. */
  readonly clientOf: string;
  /** Nothing is verified: whoever answers is believed. */
  readonly insecure: boolean;
};
