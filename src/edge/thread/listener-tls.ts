import { isDeepStrictEqual } from 'node:util';
import { ownEntry } from '../../config/own-entry.ts';
import type { ListenerSettings } from '../../config/topology-listener.ts';
import type { Deployment } from './deployment.ts';
import type { Door } from './door.ts';
import type { ListenerTls } from './handshakes.ts';

type Of = Pick<Deployment, 'topology' | 'listenerPem' | 'ticketKeys'>;

/** What a listener shows and asks for in handshakes by this deployment; undefined where it has no TLS. */
export function listenerTls({ topology, listenerPem, ticketKeys }: Of, name: string): ListenerTls | undefined {
  const pem = ownEntry(listenerPem, name);
  const settings = topology.edge.listeners.find((one) => one.name === name);
  if (pem === undefined) return undefined;
  return { ...pem, rules: settings?.tls ?? NO_RULES, ticketKeys };
}

const NO_RULES: ListenerTls['rules'] = { minVersion: 'TLSv1.2', strictSni: false, clients: undefined };

/** Has each door, by its place, hold to what the deployment says. New TLS contexts cost milliseconds, and most deployments change something else. */
export function followListeners(doors: readonly Pick<Door, 'name' | 'follow' | 'renew'>[], before: Of, next: Of): void {
  for (const door of doors) {
    const settings = next.topology.edge.listeners.find(({ name }): boolean => name === door.name);
    if (settings === undefined) continue;
    door.follow(settings satisfies ListenerSettings);
    const tls = listenerTls(next, door.name);
    if (tls !== undefined && !isSame(listenerTls(before, door.name), tls)) door.renew(tls);
  }
}

function isSame(a: ListenerTls | undefined, b: ListenerTls): boolean {
  return isDeepStrictEqual(a, b);
}
