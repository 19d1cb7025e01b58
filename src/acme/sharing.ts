import type { AcmeSettings } from '../config/topology-acme.ts';
import type { Proof } from './order.ts';

/** What the edges of a fleet have together, where the file says so. Secrets are sealed before they get here. */
export type Sharing = {
  /** The account at the authority, as it was kept. */
  readonly account: (settings: AcmeSettings) => string | undefined;
  readonly keepAccount: (settings: AcmeSettings, text: string) => Promise<void>;
  /** The file of a certificate as another edge has obtained it, or this one. */
  readonly certificate: (settings: AcmeSettings, domain: string) => string | undefined;
  readonly keepCertificate: (settings: AcmeSettings, domain: string, pem: string, notAfterMs: number) => Promise<void>;
  /** Whether it is this edge that orders now: it is until as many turns are ended as were taken, and not for long after it has died. */
  readonly takeTurn: (settings: AcmeSettings) => Promise<boolean>;
  readonly endTurn: (settings: AcmeSettings) => Promise<void>;
  /** Has every edge answer a challenge; resolves when they most likely do, with what ends that. */
  readonly prove: (settings: AcmeSettings, proof: Proof) => Promise<() => void>;
};
