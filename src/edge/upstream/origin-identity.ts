import { checkServerIdentity, type PeerCertificate } from 'node:tls';

/** How far an endpoint is to prove who it is. */
export type OriginProof = {
  /** The name to verify, where that is another than the one that is asked for. */
  readonly verifyName: string | undefined;
  /** Nothing is verified. */
  readonly insecure: boolean;
};

type Options = {
  readonly rejectUnauthorized: boolean;
  readonly checkServerIdentity?: (host: string, shown: PeerCertificate) => Error | undefined;
};

/** The same as options of a TLS connection, for traffic and health checks alike. */
export function identityOptions({ verifyName, insecure }: OriginProof): Options {
  if (insecure) return { rejectUnauthorized: false };
  if (verifyName === undefined) return { rejectUnauthorized: true };
  return { rejectUnauthorized: true, checkServerIdentity: (_, shown) => checkServerIdentity(verifyName, shown) };
}
