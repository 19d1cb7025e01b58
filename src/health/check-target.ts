import { serverNameOf } from '../config/server-name.ts';
import type { Endpoint } from '../config/topology.ts';
import type { EndpointPolicy } from '../config/topology-policy.ts';
import type { CheckTarget } from './check.ts';

/** What a check asks of an endpoint, by the policy that is its; with the PEM texts that this names. */
export function targetOf(
  endpoint: Endpoint,
  service: EndpointPolicy,
  { ca, shown }: Pick<CheckTarget, 'ca' | 'shown'>,
): CheckTarget {
  const { url, protocol } = endpoint;
  const { health, timeouts, tls } = service;
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
