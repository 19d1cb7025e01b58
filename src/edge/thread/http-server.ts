import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Topology } from '../../config/topology.ts';
import { onConnect } from '../general/tunnel.ts';
import { REQUEST_HEAD_BYTES_MAX } from '../message/request-head.ts';

/** How often heads that are overdue are looked for. */
export const OVERDUE_CHECK_MS = 1000;

/**
 * The HTTP/1.x server of a thread, with every limit set. It listens nowhere: connections are given to it by `serve`, over TLS or not.
 */
export function httpServer(
  topology: Topology,
  listener: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const options: ServerOptions = {
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
  const server = createServer(options, listener);
  // Headers past a count would be dropped in silence; the size limit bounds them instead.
  server.maxHeadersCount = 0;
  setTimeouts(server, topology);
  server.on('connect', (request, socket) => onConnect(request, socket as Socket));
  // The endpoint, or whoever answers in its place, says whether the client is to send its body.
  server.on('checkContinue', (request, response) => void server.emit('request', request, response));
  // What else is expected is refused as anything else that is not taken, in our own words.
  server.on('checkExpectation', (request, response) => void server.emit('request', request, response));
  // By this the runtime begins to look for heads that are overdue, which it does for a server that listens. Each look wakes the thread, and
  // most threads never have a connection for it.
  server.prependOnceListener('connection', () => void server.emit('listening'));
  return server;
}

/** Has the server read requests from a connection, as if it had accepted it itself (which Node's documentation allows for). */
export function serve(server: Server, socket: Socket): void {
  server.emit('connection', socket);
}

/** How long clients may take, by this topology; from the next request on also for connections that are open. */
export function setTimeouts(server: Server, topology: Topology): void {
  const { keepAliveMs, headMs } = topology.edge;
  server.keepAliveTimeout = keepAliveMs;
  server.headersTimeout = headMs;
  server.timeout = clientIdleMs(topology);
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
