import { originTlsOf } from '../config/origin-tls.ts';
import { ownEntry } from '../config/own-entry.ts';
import { serverNameOf } from '../config/server-name.ts';
import type { Endpoint } from '../config/topology.ts';
import type { EndpointPolicy } from '../config/topology-policy.ts';
import type { CertificatePair } from '../edge/upstream/secure-contexts.ts';
import type { CheckTarget } from './check.ts';

/** PEM texts, by the name of a service or backend or the id of an endpoint: of additional authorities, and of what is shown to endpoints. */
export type OriginPem = {
  readonly authorities: Readonly<Record<string, string>>;
  readonly clientPairs: Readonly<Record<string, CertificatePair>>;
};

/** Those of them that are for an endpoint. */
export function textsFor(endpoint: Endpoint, owner: EndpointPolicy, pem: OriginPem): Pick<CheckTarget, 'ca' | 'shown'> {
  const { caOf, clientOf } = originTlsOf(owner, endpoint);
  return { ca: ownEntry(pem.authorities, caOf), shown: ownEntry(pem.clientPairs, clientOf) };
}

/** What a check asks of an endpoint, by the policy that is its; with the PEM texts that this names. */
export function targetOf(
  endpoint: Endpoint,
  service: EndpointPolicy,
  { ca, shown }: Pick<CheckTarget, 'ca' | 'shown'>,
): CheckTarget {
  const { url, protocol } = endpoint;
  const { health, timeouts } = service;
  const tls = originTlsOf(service, endpoint);
  return {
    url,
    protocol,
    grpc: health.grpc,
    path: health.path,
    host: health.host ?? endpoint.host,
    timeoutMs: health.timeoutMs,
    connectMs: timeouts.connectMs,
    // Kept over two intervals, so that a check that comes late by chance still finds it.
    keepAliveMs: health.intervalMs * 2 + health.timeoutMs,
    expect: health.expect,
    ca,
    shown,
    serverName: serverNameOf(service, endpoint),
    verifyName: tls.verifyName,
    insecure: tls.insecure,
  };
}
