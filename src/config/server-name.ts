import { originTlsOf } from './origin-tls.ts';
import type { Endpoint } from './topology.ts';
import type { EndpointPolicy } from './topology-policy.ts';

/**
 * The name that an endpoint is asked for by SNI and whose certificate it must have: what `tls.server_name` says, or else the `Host` that it is
 * sent, without its port. One that is sent the client's `Host` is asked for by its own, since its connections are for every client.
 */
export function serverNameOf(
  owner: Pick<EndpointPolicy, 'tls'>,
  endpoint: Pick<Endpoint, 'host' | 'url' | 'tls'>,
): string {
  const { serverName } = originTlsOf(owner, endpoint);
  if (serverName !== undefined) return serverName;
  const { host, url } = endpoint;
  if (host === undefined) return url.host;
  return host
    .toLowerCase()
    .replace(/:\d{1,5}$/, '')
    .replace(/^\[(.*)\]$/, '$1');
}
