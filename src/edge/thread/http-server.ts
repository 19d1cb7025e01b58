import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Socket } from 'node:net';
import { Server as SecureServer } from 'node:tls';
import type { Topology } from '../../config/topology.ts';
import { onConnect } from '../general/tunnel.ts';

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
  server.on('connect', (request, socket) => onConnect(request, socket as Socket));
  // Whether the client is to send its body the endpoint says, or whoever answers in its place.
  server.on('checkContinue', (request, response) => void server.emit('request', request, response));
  return server;
}

/** Gives a TLS listener another certificate for the connections to come; one without TLS has no use for it. */
export function renewTls(server: Server, { cert, key }: TlsMaterial): void {
  if (server instanceof SecureServer) server.setSecureContext({ cert, key, ...TLS_VERSIONS });
}

/**
 * Which requests are taken for an upgrade: without a body, since an upgrade ends with its head. To another HTTP, or to TLS, nothing is
 * upgraded: that would be a way round everything here, and both are about this connection, which this edge can do without
 * (RFC 9110 §7.8). Those are answered as if they had not asked.
 */
function mayUpgrade({ headers, httpVersion }: IncomingMessage): boolean {
  const hasBody = 'transfer-encoding' in headers || !/^0*$/.test(headers['content-length'] ?? '');
  return httpVersion === '1.1' && !hasBody && !OF_THIS_HOP.test(headers.upgrade ?? '');
}

const OF_THIS_HOP = /(?:^|,)\s*(?:h2c?|h3|http|tls)\s*(?:\/|,|$)/i;

/**
 * A client connection on which nothing moves for this long is closed. It must outlast the longest wait for an endpoint.
 */
export function clientIdleMs(topology: Topology): number {
  const waits = topology.services.map(({ timeouts, retries }) =>
    Math.max(timeouts.idleMs, (timeouts.connectMs + timeouts.firstByteMs) * retries.attempts),
  );
  return Math.max(...waits) + 1000;
}
