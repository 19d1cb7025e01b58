import { isIP } from 'node:net';
import type { EndpointUrl } from '../../config/topology.ts';

/** An endpoint's address as it stands in a `Host` header: with the port when it is not the protocol's own. */
export function authorityOf({ protocol, host, port }: EndpointUrl): string {
  const name = isIP(host) === 6 ? `[${host}]` : host;
  return port === (protocol === 'https' ? 443 : 80) ? name : `${name}:${port}`;
}
