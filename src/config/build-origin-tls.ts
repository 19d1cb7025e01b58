import type { Path } from './problem.ts';
import type { Document } from './schema.ts';
import { UPSTREAM_TLS } from './schema-origin-tls.ts';
import type { CertificateFiles } from './topology-listener.ts';
import type { OriginTls } from './topology-origin.ts';
import { complete } from './zod-schema.ts';

type Given = NonNullable<Document['services']>[string]['tls'];

/** How the endpoints of a service are connected to. */
export function buildOriginTls(service: string, given: Given): OriginTls {
  const { ca, server_name, verify_name, insecure } = complete(UPSTREAM_TLS, given);
  const client = filesOf(['services', service, 'tls'], given);
  const names = { serverName: server_name, verifyName: verify_name };
  return { ca, caOf: service, ...names, client, clientOf: service, insecure };
}

type Whose = { readonly service: string; readonly i: number; readonly id: string };

/** How one endpoint is connected to: what it says itself, laid over what its service says. A certificate and its key go together. */
export function ownOriginTls({ service, i, id }: Whose, common: Given, own: Given): OriginTls {
  const { ca, server_name, verify_name, insecure } = complete(UPSTREAM_TLS, common, own);
  const theirs = filesOf(['services', service, 'tls'], common);
  const client = filesOf(['services', service, 'endpoints', i, 'tls'], own);
  return {
    ca,
    caOf: own?.ca === undefined ? service : id,
    serverName: server_name,
    verifyName: verify_name,
    client: client ?? theirs,
    clientOf: client === undefined ? service : id,
    insecure,
  };
}

function filesOf(at: Path, given: Given): CertificateFiles | undefined {
  return given?.cert === undefined || given.key === undefined ? undefined : { at, cert: given.cert, key: given.key };
}
