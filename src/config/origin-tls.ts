import { ownersOf, pathOfOwner } from './owners.ts';
import type { Path } from './problem.ts';
import type { Endpoint, Service, Topology } from './topology.ts';
import type { CertificateFiles } from './topology-listener.ts';
import type { OriginTls } from './topology-origin.ts';

type File = Pick<Topology, 'services' | 'backends'>;

/** How an endpoint is connected to: as it says itself, where it does, else as its service says. */
export function originTlsOf({ tls }: Pick<Service, 'tls'>, endpoint: Pick<Endpoint, 'tls'>): OriginTls {
  return endpoint.tls ?? tls;
}

/** A file that services or endpoints name, where it is named, and under what name its text is kept. */
export type NamedAuthorities = { readonly holder: string; readonly at: Path; readonly file: string };
export type NamedPair = { readonly holder: string; readonly files: CertificateFiles };

/** The files of additional authorities, each where it is named; who inherits one does not name it. */
export function namedAuthorities(topology: File): readonly NamedAuthorities[] {
  return holders(topology).flatMap(({ holder, at, tls }) =>
    tls.ca === undefined || tls.caOf !== holder ? [] : [{ holder, at: [...at, 'ca'], file: tls.ca }],
  );
}

/** The certificates that are shown to endpoints, each where it is named. */
export function namedPairs(topology: File): readonly NamedPair[] {
  return holders(topology).flatMap(({ holder, tls }) =>
    tls.client === undefined || tls.clientOf !== holder ? [] : [{ holder, files: tls.client }],
  );
}

/** Whoever says how endpoints are connected to: services and backends by their names, endpoints by their ids, which none of them is called. */
function holders(topology: File): readonly { holder: string; at: Path; tls: OriginTls }[] {
  return ownersOf(topology).flatMap(({ name, tls, endpoints }) => [
    { holder: name, at: [...pathOfOwner(topology, name), 'tls'], tls },
    ...endpoints.flatMap((one, i) =>
      one.tls === undefined
        ? []
        : [{ holder: one.id, at: [...pathOfOwner(topology, name), 'endpoints', i, 'tls'], tls: one.tls }],
    ),
  ]);
}
