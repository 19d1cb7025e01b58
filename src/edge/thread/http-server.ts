import { constants } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { Server as SecureServer, type TlsOptions } from 'node:tls';
import type { Topology } from '../../config/topology.ts';
import { ownAnswerBytes, refusalAnswer } from '../message/answer.ts';

/** A request head larger than this is refused with 431. */
export const REQUEST_HEAD_BYTES_MAX = 32 * 1024;
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
export type TlsMaterial = {
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
  tls: TlsMaterial | undefined,
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

/** How long clients may take, by this topology; from the next request on also for connections that are open. */
export function setTimeouts(server: Server, topology: Topology): void {
  const { keepAliveMs, headMs } = topology.edge;
  server.keepAliveTimeout = keepAliveMs;
  server.headersTimeout = headMs;
  server.timeout = clientIdleMs(topology);
}

/** Gives a TLS listener another certificate for the connections to come; one without TLS has no use for it. */
export function renewTls(server: Server, tls: TlsMaterial): void {
  if (server instanceof SecureServer) server.setSecureContext(secureOptions(tls));
}

/** Sessions are resumed by any thread with the same keys, also after a reload: the context in which they hold is named, too. */
function secureOptions({ cert, key, ticketKeys }: TlsMaterial): TlsOptions {
  const shared = ticketKeys === undefined ? {} : { ticketKeys: Buffer.from(ticketKeys) };
  return { cert, key, ...TLS_RULES, ...shared, sessionIdContext: 'meridian', sessionTimeout: SESSION_S };
}

function mayUpgrade(request: IncomingMessage): boolean {
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
