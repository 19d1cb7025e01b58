import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Path } from './problem.ts';

/** How an authority finds out whether a name leads here (RFC 8555 §8.3, RFC 8737). */
export type ChallengeType = 'http-01' | 'tls-alpn-01';

/** Certificates that the edge obtains by itself, for one listener. */
export type AcmeSettings = {
  /** Where in the configuration it stands. */
  readonly at: Path;
  /** In lower case; each gets a certificate of its own. */
  readonly domains: readonly string[];
  readonly email: string | undefined;
  /** The URL of the authority's directory, by https. */
  readonly directory: string;
  /** PEM file of the authorities that vouch for the directory itself; undefined: those of the runtime. */
  readonly directoryCa: string | undefined;
  readonly externalAccount: { readonly keyId: string; readonly secret: string } | undefined;
  readonly keyType: 'ecdsa' | 'rsa';
  /** Those that may be tried, in this order. */
  readonly challenges: readonly ChallengeType[];
  /** Where the account's key and the certificates are kept. */
  readonly folder: string;
  /** With what they are sealed in the fleet's store, where the edges share them; undefined: each edge is on its own. */
  readonly fleetSecret: string | undefined;
};

type Of = Pick<AcmeSettings, 'folder' | 'directory' | 'keyType'>;

/** The folder for what one authority has issued: of another one nothing is shown after the directory was changed. */
export function authorityFolder({ folder, directory }: Pick<Of, 'folder' | 'directory'>): string {
  const url = new URL(directory);
  return join(folder, `${url.hostname.replaceAll(/[^a-z0-9.-]/gi, '_')}-${hashOf(url.href)}`);
}

/** The one file of a certificate: the key and its chain, so that both are replaced in one step. */
export function certificateFile(settings: Of, domain: string): string {
  return join(authorityFolder(settings), `${domain}.${settings.keyType}.pem`);
}

/** The file of the account at the authority; one for each of its customers. */
export function accountFile(settings: Pick<AcmeSettings, 'folder' | 'directory' | 'externalAccount'>): string {
  const { externalAccount } = settings;
  const whose = externalAccount === undefined ? '' : `-${hashOf(externalAccount.keyId)}`;
  return join(authorityFolder(settings), `account${whose}.json`);
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
