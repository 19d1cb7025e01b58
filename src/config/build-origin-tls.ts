import type { Path } from './problem.ts';
import type { Document } from './schema.ts';
import { UPSTREAM_TLS } from './schema-origin-tls.ts';
import type { CertificateFiles } from './topology-listener.ts';
import type { OriginTls } from './topology-origin.ts';
import { complete } from './zod-schema.ts';

type Given = NonNullable<Document['services']>[string]['tls'];

/** How the endpoints of a service or backend are connected to, which stands at `at`. */
export function buildOriginTls(at: Owner, given: Given): OriginTls {
  const [, owner] = at;
  const { ca, server_name, verify_name, insecure } = complete(UPSTREAM_TLS, given);
  const client = filesOf([...at, 'tls'], given);
  const names = { serverName: server_name, verifyName: verify_name };
  return { ca, caOf: owner, ...names, client, clientOf: owner, insecure };
}

/** Where a service or backend stands. */
type Owner = readonly [string, string];
type Whose = { readonly owner: Owner; readonly i: number; readonly id: string };

/** How one endpoint is connected to: what it says itself, laid over what its service says. A certificate and its key go together. */
export function ownOriginTls({ owner, i, id }: Whose, common: Given, own: Given): OriginTls {
  const { ca, server_name, verify_name, insecure } = complete(UPSTREAM_TLS, common, own);
  const theirs = filesOf([...owner, 'tls'], common);
  const client = filesOf([...owner, 'endpoints', i, 'tls'], own);
  return {
    ca,
    caOf: own?.ca === undefined ? owner[1] : id,
    serverName: server_name,
    verifyName: verify_name,
    client: client ?? theirs,
    clientOf: client === undefined ? owner[1] : id,
    insecure,
  };
}

function filesOf(at: Path, given: Given): CertificateFiles | undefined {
  return given?.cert === undefined || given.key === undefined ? undefined : { at, cert: given.cert, key: given.key };
}
