import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { Server as SecureServer } from 'node:tls';
import type { Topology } from '../../config/topology.ts';
import { ownAnswerBytes, refusalAnswer } from '../message/answer.ts';

/** A request head larger than this is refused with 431. */
export const REQUEST_HEAD_BYTES_MAX = 32 * 1024;
/** How often heads that are overdue are looked for. */
export const OVERDUE_CHECK_MS = 1000;

const TLS_VERSIONS = { minVersion: 'TLSv1.2' } as const;

/** PEM texts of the listener's certificate chain and key. */
export type TlsMaterial = { readonly cert: string; readonly key: string };

/**
 * The HTTP server that clients connect to, with every limit set.
 */
export function httpServer(
  topology: Topology,
  tls: TlsMaterial | undefined,
  listener: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const { edge } = topology;
  const options: ServerOptions = {
    keepAlive: true,
    noDelay: true,
    keepAliveTimeout: edge.keepAliveMs,
    headersTimeout: edge.headMs,
    // Bodies may take as long as they keep moving; see the idle limit below.
    requestTimeout: 0,
    connectionsCheckingInterval: OVERDUE_CHECK_MS,
    maxHeaderSize: REQUEST_HEAD_BYTES_MAX,
    insecureHTTPParser: false,
    // The intake refuses it in our own words, and then takes nothing of what was pipelined behind it.
    requireHostHeader: false,
    // An upgrade to another version of HTTP would be a way round everything here; it is answered in this one.
    shouldUpgradeCallback: mayUpgrade,
  };
  const server =
    tls === undefined
      ? createServer(options, listener)
      : (createSecureServer({ ...options, ...tls, ...TLS_VERSIONS }, listener) as unknown as Server);
  // Headers past a count would be dropped in silence; the size limit bounds them instead.
  server.maxHeadersCount = 0;
  server.maxConnections = edge.connectionsMax;
  server.timeout = clientIdleMs(topology);
  server.on('connect', (_request, socket) => {
    socket.end(ownAnswerBytes(refusalAnswer(405, 'this is a gateway, it opens no tunnels')));
  });
  server.on('checkContinue', (request, response) => {
    askForBody(response);
    server.emit('request', request, response);
  });
  return server;
}

/**
 * Says 100 Continue once it is this response's turn. node:http would put one that is said before, because an earlier answer is still
 * under way, between the head and the body of the answer itself.
 */
function askForBody(response: ServerResponse): void {
  if (response.socket !== null) response.writeContinue();
  else {
    response.once('socket', () => {
      if (!response.headersSent) response.writeContinue();
    });
  }
}

/** Gives a TLS listener another certificate for the connections to come; one without TLS has no use for it. */
export function renewTls(server: Server, { cert, key }: TlsMaterial): void {
  if (server instanceof SecureServer) server.setSecureContext({ cert, key, ...TLS_VERSIONS });
}

function mayUpgrade(request: IncomingMessage): boolean {
  // RFC 9110 §7.8: there is no way up from HTTP/1.0.
  if (request.httpVersion === '1.0') return false;
  const { upgrade = '' } = request.headers;
  const hasBody = 'content-length' in request.headers || 'transfer-encoding' in request.headers;
  return !hasBody && !/^\s*h2c?\b/i.test(upgrade);
}

/**
 * A client connection on which nothing moves for this long is closed. It must outlast the longest wait for an endpoint.
 */
export function clientIdleMs(topology: Topology): number {
  const waits = topology.services.map(({ timeouts, retries }) =>
    Math.max(timeouts.idleMs, (timeouts.connectMs + timeouts.firstByteMs) * retries.attempts),
  );
  return Math.max(...waits) + 1000;
}
