import { constants } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Socket } from 'node:net';
import { Server as SecureServer, type TlsOptions } from 'node:tls';
import type { Topology } from '../../config/topology.ts';
import { onConnect } from '../general/tunnel.ts';
import { REQUEST_HEAD_BYTES_MAX } from '../message/request-head.ts';

/** How often heads that are overdue are looked for. */
export const OVERDUE_CHECK_MS = 1000;

/**
 * TLS 1.2 and up, and no renegotiation: a client could have the handshake's work done again and again on one connection, and
 * nobody who browses needs it (RFC 9325 §3.5; TLS 1.3 has none).
 */
const TLS_RULES = { minVersion: 'TLSv1.2', secureOptions: constants.SSL_OP_NO_RENEGOTIATION } as const;

/** How long a session can be resumed by its ticket, at most; less when the keys of tickets change before. */
export const SESSION_S = 2 * 60 * 60;

/** PEM texts of the listener's certificate chain and key. */
export type ServerTls = {
  readonly cert: string;
  readonly key: string;
  /** What session tickets are sealed with: 48 bytes that all threads share. Without it, each has its own. */
  readonly ticketKeys?: Uint8Array | undefined;
};

/**
 * The HTTP server that clients connect to, with every limit set.
 */
export function httpServer(
  topology: Topology,
  tls: ServerTls | undefined,
  listener: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const options: ServerOptions = {
    keepAlive: true,
    noDelay: true,
    // Bodies may take as long as they keep moving; see the idle limit below.
    requestTimeout: 0,
    connectionsCheckingInterval: OVERDUE_CHECK_MS,
    maxHeaderSize: REQUEST_HEAD_BYTES_MAX,
    insecureHTTPParser: false,
    // The intake refuses it in our own words, and then takes nothing of what was pipelined behind it.
    requireHostHeader: false,
    // A request without a body has none of the events of a stream either, which cost as much as the rest of its stream.
    optimizeEmptyRequests: true,
    // An upgrade to another version of HTTP would be a way round everything here; it is answered in this one.
    shouldUpgradeCallback: mayUpgrade,
  };
  const server =
    tls === undefined
      ? createServer(options, listener)
      : (createSecureServer({ ...options, ...secureOptions(tls) }, listener) as unknown as Server);
  // Headers past a count would be dropped in silence; the size limit bounds them instead.
  server.maxHeadersCount = 0;
  setTimeouts(server, topology);
  server.on('connect', (request, socket) => onConnect(request, socket as Socket));
  // The endpoint, or whoever answers in its place, says whether the client is to send its body.
  server.on('checkContinue', (request, response) => void server.emit('request', request, response));
  return server;
}

/** How long clients may take, by this topology; from the next request on also for connections that are open. */
export function setTimeouts(server: Server, topology: Topology): void {
  const { keepAliveMs, headMs } = topology.edge;
  server.keepAliveTimeout = keepAliveMs;
  server.headersTimeout = headMs;
  server.timeout = clientIdleMs(topology);
}

/** Gives a TLS listener another certificate for the connections to come; one without TLS has no use for it. */
export function renewTls(server: Server, tls: ServerTls): void {
  if (server instanceof SecureServer) server.setSecureContext(secureOptions(tls));
}

/** Sessions are resumed by any thread with the same keys, also after a reload: the context in which they hold is named, too. */
function secureOptions({ cert, key, ticketKeys }: ServerTls): TlsOptions {
  const shared = ticketKeys === undefined ? {} : { ticketKeys: Buffer.from(ticketKeys) };
  return { cert, key, ...TLS_RULES, ...shared, sessionIdContext: 'meridian', sessionTimeout: SESSION_S };
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
