import type { Endpoint } from './topology.ts';
import type { EndpointPolicy } from './topology-policy.ts';

/**
 * The name that an endpoint is asked for by SNI and whose certificate it must have: what `tls.server_name` says, or else the `Host` that it is
 * sent, without its port. One that is sent the client's `Host` is asked for by its own, since its connections are for every client.
 */
export function serverNameOf(
  { tls }: Pick<EndpointPolicy, 'tls'>,
  { host, url }: Pick<Endpoint, 'host' | 'url'>,
): string {
  if (tls.serverName !== undefined) return tls.serverName;
  if (host === undefined) return url.host;
  return host
    .toLowerCase()
    .replace(/:\d{1,5}$/, '')
    .replace(/^\[(.*)\]$/, '$1');
}
