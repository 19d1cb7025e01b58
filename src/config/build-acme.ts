import type { Path } from './problem.ts';
import type { Document } from './schema.ts';
import { ACME } from './schema-acme.ts';
import { type AcmeSettings, type ChallengeType, certificateFile } from './topology-acme.ts';
import type { CertificateFiles } from './topology-listener.ts';
import { complete } from './zod-schema.ts';

export type GivenAcme = NonNullable<NonNullable<NonNullable<Document['edge']>['tls']>['acme']>;

/** What a listener obtains by itself. `plain` is whether any listener has no TLS, so that http-01 can be answered. */
export function buildAcme(given: GivenAcme, at: Path, plain: boolean): AcmeSettings {
  const acme = complete(ACME, given);
  const possible: readonly ChallengeType[] = plain ? ['http-01', 'tls-alpn-01'] : ['tls-alpn-01'];
  const { external_account: account } = acme;
  return {
    at,
    domains: acme.domains,
    email: acme.email,
    directory: acme.directory,
    directoryCa: acme.directory_ca,
    // The schema needs both.
    externalAccount: account && { keyId: account.key_id ?? '', secret: account.secret ?? '' },
    keyType: acme.key_type,
    challenges: acme.challenges ?? possible,
    folder: acme.folder,
    fleetSecret: acme.store === 'fleet' ? acme.secret : undefined,
  };
}

/** The files of what is obtained, each of which may be missing until it is. */
export function obtainedFiles(acme: AcmeSettings | undefined): readonly CertificateFiles[] {
  if (acme === undefined) return [];
  return acme.domains.map((domain, i) => {
    const file = certificateFile(acme, domain);
    return { at: [...acme.at, 'domains', i], cert: file, key: file, obtained: true };
  });
}
