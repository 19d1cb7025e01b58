import { addressText } from './authority.ts';
import { buildAcme, obtainedFiles } from './build-acme.ts';
import type { Path } from './problem.ts';
import type { Document } from './schema.ts';
import { LISTEN_TLS, LISTENER } from './schema-listener.ts';
import type { CertificateFiles, ListenAddress, ListenerSettings, ListenTls } from './topology-listener.ts';
import { complete } from './zod-schema.ts';

type GivenEdge = NonNullable<Document['edge']>;
type GivenTls = NonNullable<GivenEdge['tls']>;
type GivenListener = NonNullable<GivenEdge['listeners']>[number];

/** The listeners of a file; `listen` and `tls` of the edge are the short form for one. */
export function buildListeners(
  given: Pick<GivenEdge, 'listeners' | 'tls'>,
  listen: ListenAddress,
): readonly ListenerSettings[] {
  if (given.listeners !== undefined) {
    const plain = given.listeners.some(({ tls }) => tls === undefined);
    return given.listeners.map((one, i) => buildListener(one, ['edge', 'listeners', i], plain));
  }
  return [buildListener({ listen, ...(given.tls === undefined ? {} : { tls: given.tls }) }, ['edge'], false)];
}

/** `plain` is whether any listener of the file has no TLS. */
function buildListener(given: GivenListener, at: Path, plain: boolean): ListenerSettings {
  const { name, listen, http2, proxy_protocol, redirect, redirect_port } = complete(LISTENER, given);
  const tls = given.tls === undefined ? undefined : buildTls(given.tls, [...at, 'tls'], plain);
  const secure = tls !== undefined && http2 !== false ? 'tls' : 'off';
  return {
    name: name ?? addressText(listen.host, listen.port),
    listen,
    tls,
    http2: http2 === 'h2c' ? 'cleartext' : secure,
    proxyProtocolFrom: proxy_protocol?.from,
    redirectPort: redirect === undefined ? undefined : redirect_port,
  };
}

function buildTls(given: GivenTls, at: Path, plain: boolean): ListenTls {
  const tls = complete(LISTEN_TLS, given);
  const { client_ca: ca } = tls;
  const acme = given.acme === undefined ? undefined : buildAcme(given.acme, [...at, 'acme'], plain);
  return {
    certificates: [
      ...filesOf(tls, at),
      ...(tls.certificates ?? []).flatMap((one, i) => filesOf(one, [...at, 'certificates', i])),
      ...obtainedFiles(acme),
    ],
    acme,
    minVersion: tls.min_version,
    strictSni: tls.strict_sni,
    clients:
      ca === undefined
        ? undefined
        : {
            at: [...at, 'client_ca'],
            ca,
            required: tls.client_certificate !== 'optional',
            chain: tls.client_certificate_chain,
          },
  };
}

type GivenFiles = { readonly cert?: string | undefined; readonly key?: string | undefined };

function filesOf({ cert, key }: GivenFiles, at: Path): readonly CertificateFiles[] {
  return cert === undefined || key === undefined ? [] : [{ at, cert, key }];
}
