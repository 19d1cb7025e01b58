import { serverNameOf } from '../config/server-name.ts';
import type { Endpoint, Service } from '../config/topology.ts';
import type { CheckTarget } from './check.ts';

/** What a check asks of an endpoint of a service; `ca` is PEM text of the authorities that the service names. */
export function targetOf(endpoint: Endpoint, service: Service, ca: string | undefined): CheckTarget {
  const { url, protocol } = endpoint;
  const { health, timeouts } = service;
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
    serverName: serverNameOf(service, endpoint),
  };
}
