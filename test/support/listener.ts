import { listed } from '../../src/compose/pem-files.ts';
import type { ListenerSettings } from '../../src/config/topology-listener.ts';
import type { ListenerTls } from '../../src/edge/thread/handshakes.ts';
import type { Shown } from '../../src/edge/thread/secure-server.ts';
import type { CertificatePair } from '../../src/edge/upstream/secure-contexts.ts';

/** A listener as a file with nothing but its address has it. */
export function listenerSettings(name: string, more: Partial<ListenerSettings> = {}): ListenerSettings {
  return {
    name,
    listen: { host: '127.0.0.1', port: 0 },
    tls: undefined,
    http2: 'off',
    proxyProtocolFrom: undefined,
    redirectPort: undefined,
    ...more,
  };
}

/** What a listener with these certificates shows when nothing else is said. */
export function listenerTls(
  pairs: CertificatePair | readonly CertificatePair[],
  more: Partial<ListenerTls> = {},
): ListenerTls {
  return {
    certificates: [pairs].flat().map(({ cert, key }) => listed(cert, key)),
    clientCa: undefined,
    rules: { minVersion: 'TLSv1.2', strictSni: false, clients: undefined },
    ticketKeys: undefined,
    ...more,
  };
}

/** One context of it. */
export function shown(pair: CertificatePair): Shown {
  return { pairs: [pair], minVersion: 'TLSv1.2', clientCa: undefined, clientRequired: false, ticketKeys: undefined };
}
