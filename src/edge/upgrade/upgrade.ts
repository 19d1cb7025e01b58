import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { AheadBytes } from '../client/ahead-bytes.ts';
import { endLingering } from '../client/lingering-end.ts';
import { isRefused } from '../client/refused-connections.ts';
import { afterAnswers } from '../client/turns.ts';
import { clientResponseHeaders } from '../message/headers.ts';
import { joinedHeader } from '../message/request-head.ts';
import { ruledHead } from '../request/ruled-head.ts';
import type { OnSwitch, Switched } from '../request/switched.ts';
import { SocketSide } from '../tunnel/socket-side.ts';
import { Tunnel, type TunnelDeps } from '../tunnel/tunnel.ts';
import { EarlyBytes } from './early-bytes.ts';

/**
 * Upgrades (WebSocket and any other). Such a request is like any other one: it is planned, it fails over, and an answer that is no 101 is
 * an ordinary answer. Only when the chosen endpoint has said 101 the client's connection is switched too: both are joined byte for byte, and
 * the endpoint counts one more in flight for as long as they last.
 */
export type UpgradeDeps = {
  /** Takes the request; `onSwitch` is called when the endpoint has switched. */
  readonly take: (request: IncomingMessage, response: ServerResponse, onSwitch: OnSwitch) => void;
  readonly tunnel: TunnelDeps;
  readonly ahead: AheadBytes;
  readonly faulted: (error: unknown) => void;
  /** How long a client may leave its answer untaken. */
  readonly clientIdleMs: () => number;
};

/** Takes a request for an upgrade as node:http hands it over: `first` is what had been read behind its head. */
export function onUpgrade(deps: UpgradeDeps, request: IncomingMessage, client: Socket, first: Buffer): void {
  client.on('error', () => client.destroy());
  Reflect.deleteProperty(client, 'destroySoon');
  const early = new EarlyBytes(client, first, deps.ahead);
  // Node emits an upgrade as soon as it is read; the answers to what came before it go first.
  afterAnswers(client, () => {
    if (client.destroyed) return;
    // Behind a request that was refused there is no other; its answer is closing the connection.
    if (isRefused(client)) {
      client.destroySoon();
      return;
    }
    try {
      start(deps, request, client, early);
    } catch (error) {
      deps.faulted(error);
      client.destroy();
    }
  });
}

function start(deps: UpgradeDeps, request: IncomingMessage, client: Socket, early: EarlyBytes): void {
  client.setTimeout(deps.clientIdleMs());
  const response = responseOn(request, client);
  deps.take(request, response, (switched) => {
    const { endpoint, exchange, release } = switched;
    response.detachSocket(client);
    client.removeAllListeners('drain').removeAllListeners('timeout');
    client.write(headOf(switched), 'latin1');
    const plan = {
      client: new SocketSide(client),
      endpoint,
      webSocket: joinedHeader(switched.head.headers, 'upgrade')?.toLowerCase() === 'websocket',
      idleMs: exchange.view.service.timeouts.streamMs,
      closed: release,
    };
    new Tunnel(deps.tunnel, plan).begin([early.take()]);
  });
}

/** A response on a socket that Node's HTTP server has let go of. It is the last one on it: what the client has sent since is in no protocol that was granted. */
function responseOn(request: IncomingMessage, client: Socket): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(client);
  client.on('drain', () => response.emit('drain'));
  client.on('timeout', () => client.destroy());
  response.once('finish', () => {
    response.detachSocket(client);
    endLingering(client);
  });
  return response;
}

function headOf({ head, exchange }: Switched): string {
  const headers = clientResponseHeaders(ruledHead(head, exchange, exchange.attempts.at(-1)).headers, false);
  headers.push('Connection', 'Upgrade', 'Upgrade', joinedHeader(head.headers, 'upgrade') ?? '');
  headers.push('X-Request-Id', exchange.requestId);
  if (exchange.chaos !== '') headers.push('Chaos', exchange.chaos);
  let bytes = 'HTTP/1.1 101 Switching Protocols\r\n';
  for (let i = 0; i < headers.length; i += 2) bytes += `${headers[i]}: ${headers[i + 1]}\r\n`;
  return `${bytes}\r\n`;
}
