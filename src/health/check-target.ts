import { serverNameOf } from '../config/server-name.ts';
import type { Endpoint, Service } from '../config/topology.ts';
import type { CheckTarget } from './check.ts';

/** What a check asks of an endpoint of a service; with the PEM texts that the service names. */
export function targetOf(
  endpoint: Endpoint,
  service: Service,
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
