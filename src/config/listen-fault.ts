import { addressText } from './authority.ts';
import type { ListenAddress } from './topology-listener.ts';

/** Why an address cannot be listened on, in one sentence that names the key of the file and the fix. */
export function listenFault(
  key: string,
  { host, port }: ListenAddress,
  { code, message }: NodeJS.ErrnoException,
): string {
  const address = addressText(host, port);
  switch (code) {
    case 'EADDRINUSE':
      return `${key}: ${address} is in use by another process; stop it or choose another port`;
    case 'EACCES':
      return `${key}: ${address} may not be listened on; choose a port above 1023 or grant CAP_NET_BIND_SERVICE`;
    case 'EADDRNOTAVAIL':
      return `${key}: ${host} is not an address of this machine; 0.0.0.0 listens on all`;
    case 'ENOTFOUND':
      return `${key}: there is no host ${host}; write an address of this machine`;
    default:
      return `${key}: ${address} cannot be listened on: ${message}`;
  }
}
