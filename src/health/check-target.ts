import type { Endpoint, Service } from '../config/topology.ts';
import type { CheckTarget } from './check.ts';

/** What a check asks of an endpoint of a service; with the PEM texts that the service names. */
export function targetOf(
  { url }: Endpoint,
  { health, timeouts, tls }: Service,
  { ca, shown }: Pick<CheckTarget, 'ca' | 'shown'>,
): CheckTarget {
  return {
    url,
    path: health.path,
    host: health.host,
    timeoutMs: health.timeoutMs,
    connectMs: timeouts.connectMs,
    // Kept over two intervals, so that a check that comes late by chance still finds it.
    keepAliveMs: health.intervalMs * 2 + health.timeoutMs,
    expect: health.expect,
    ca,
    shown,
    serverName: tls.serverName,
    verifyName: tls.verifyName,
    insecure: tls.insecure,
  };
}
