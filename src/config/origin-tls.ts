import type { Path } from './problem.ts';
import type { Endpoint, Service } from './topology.ts';
import type { CertificateFiles } from './topology-listener.ts';
import type { OriginTls } from './topology-origin.ts';

type Services = readonly Pick<Service, 'name' | 'tls' | 'endpoints'>[];

/** How an endpoint is connected to: as it says itself, where it does, else as its service says. */
export function originTlsOf({ tls }: Pick<Service, 'tls'>, endpoint: Pick<Endpoint, 'tls'>): OriginTls {
  return endpoint.tls ?? tls;
}

/** A file that services or endpoints name, where it is named, and under what name its text is kept. */
export type NamedAuthorities = { readonly holder: string; readonly at: Path; readonly file: string };
export type NamedPair = { readonly holder: string; readonly files: CertificateFiles };

/** The files of additional authorities, each where it is named; who inherits one does not name it. */
export function namedAuthorities(services: Services): readonly NamedAuthorities[] {
  return holders(services).flatMap(({ holder, at, tls }) =>
    tls.ca === undefined || tls.caOf !== holder ? [] : [{ holder, at: [...at, 'ca'], file: tls.ca }],
  );
}

/** The certificates that are shown to endpoints, each where it is named. */
export function namedPairs(services: Services): readonly NamedPair[] {
  return holders(services).flatMap(({ holder, tls }) =>
    tls.client === undefined || tls.clientOf !== holder ? [] : [{ holder, files: tls.client }],
  );
}

/** Whoever says how endpoints are connected to: services by their names, endpoints by their ids, which no service is called. */
function holders(services: Services): readonly { holder: string; at: Path; tls: OriginTls }[] {
  return services.flatMap(({ name, tls, endpoints }) => [
    { holder: name, at: ['services', name, 'tls'], tls },
    ...endpoints.flatMap((one, i) =>
      one.tls === undefined ? [] : [{ holder: one.id, at: ['services', name, 'endpoints', i, 'tls'], tls: one.tls }],
    ),
  ]);
}
