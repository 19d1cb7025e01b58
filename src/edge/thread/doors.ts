import type { Server } from 'node:http';
import type { Front, Fronts } from '../client/front.ts';
import type { H2 } from '../h2/h2.ts';
import type { Wire } from '../wire/wire.ts';
import type { Deployment } from './deployment.ts';
import { Door, type DoorParts } from './door.ts';
import { listenerTls } from './listener-tls.ts';
import type { RareEvents } from './rare-events.ts';
import { type Now, type RedirectFrontDeps, redirectFront } from './redirect-front.ts';

export type DoorsDeps = Required<Pick<DoorParts, 'gate' | 'rate'>> & {
  readonly wire: Pick<Wire, 'accept' | 'closeIdle'>;
  readonly h2: Pick<H2, 'accept' | 'closeIdle'>;
  /** The HTTP server behind the wire engine. */
  readonly server: Server;
  readonly rare: Pick<RareEvents, 'shortOf'>;
  readonly redirects: Omit<RedirectFrontDeps, 'port'>;
};

export type Doors = {
  readonly doors: readonly Door[];
  /** The HTTP server behind the wire engine, and those of listeners that redirect. */
  readonly servers: readonly Server[];
  /** Closes the connections that carry no request, whichever front has them. */
  readonly closeIdle: () => void;
};

/** One door for each listener of the file. */
export function doorsOf(now: Now & { readonly deployment: Deployment }, deps: DoorsDeps): Doors {
  const { gate, rate, rare, wire, h2, redirects } = deps;
  const notTaken = (code: string): void => rare.shortOf(code);
  const servers = [deps.server];
  const fronts: Fronts = { http1: wire, http2: h2 };
  const redirecting = (port: number): Front => {
    const front = redirectFront(now, { ...redirects, port });
    servers.push(front.server);
    return front;
  };
  const doors = now.deployment.topology.edge.listeners.map((settings) => {
    const { name, redirectPort } = settings;
    const own = redirectPort === undefined ? fronts : { http1: redirecting(redirectPort) };
    const door = new Door({ settings, tls: listenerTls(now.deployment, name), gate, rate, fronts: own, notTaken });
    door.prove(now.deployment.challenges);
    return door;
  });
  const closeIdle = (): void => {
    for (const server of servers) server.closeIdleConnections();
    wire.closeIdle();
    h2.closeIdle();
  };
  return { doors, servers, closeIdle };
}
