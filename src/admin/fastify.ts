import {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
  fastify,
} from 'fastify';
import { listenFault } from '../config/listen-fault.ts';
import { peerAddressOf } from '../table/peer-address.ts';
import { authorize, type Caller } from './authorize.ts';
import { isForwarded } from './forwarded.ts';
import type { AdminPorts } from './ports.ts';
import { type AdminReply, refuse } from './reply.ts';
import type { Query } from './request.ts';
import { ROUTES, type Route } from './routes.ts';

export type AdminDeps = {
  /** Port 0 takes any that is free. */
  readonly listen: { readonly host: string; readonly port: number };
  /** The bearer token; empty when none is set. */
  readonly token: string;
  /** Names that a `Host` may have beside `localhost` and the host of `listen` when there is no token. */
  readonly hosts?: readonly string[];
  readonly ports: AdminPorts;
  /** Called when a route threw: that is a programmer's error, and its answer says no more than that. */
  readonly onError?: (route: string, error: unknown) => void;
};

export type AdminServer = {
  readonly port: number;
  /** Stops listening and ends all connections. */
  readonly close: () => Promise<void>;
};

/** What the admin port takes of a request, and how many connections at a time. */
export const BODY_BYTES_MAX = 1024 * 1024;
export const HEAD_BYTES_MAX = 16 * 1024;
const CONNECTIONS_MAX = 256;
/** A request must have come within this time, and be answered within the next. */
const REQUEST_MS = 10_000;
const HANDLER_MS = 30_000;
const KEEP_ALIVE_MS = 75_000;

/** No route has a schema. Told so, Fastify does not load what compiles them: 130 modules, 60 ms of a start. */
const NO_SCHEMAS = {
  compilersFactory: { buildValidator: () => () => () => true, buildSerializer: () => () => JSON.stringify },
} as unknown as NonNullable<FastifyServerOptions['schemaController']>;

/** Starts the second listener. Rejects with one sentence that names the address when it cannot be had. */
export async function startAdmin(deps: AdminDeps): Promise<AdminServer> {
  const app = fastify({
    schemaController: NO_SCHEMAS,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_MS,
    handlerTimeout: HANDLER_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: true,
    http: { maxHeaderSize: HEAD_BYTES_MAX, headersTimeout: REQUEST_MS },
    frameworkErrors: (error, _, reply) => void send(reply, refusalOf(error)),
  });
  app.server.maxConnections = CONNECTIONS_MAX;
  // Bodies are taken as they are: a route that wants JSON says so when it cannot read it.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_, body, done) => done(null, body));
  for (const route of ROUTES) addRoute(app, route, deps);
  app.setNotFoundHandler((request, reply) => send(reply, unknownRoute(request)));
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if ((error.statusCode ?? 500) >= 500) deps.onError?.(`${request.method} ${request.routeOptions.url}`, error);
    return send(reply, refusalOf(error));
  });
  const { host, port } = deps.listen;
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw new Error(listenFault('admin.listen', { host, port }, error as NodeJS.ErrnoException), { cause: error });
  }
  const address = app.server.address();
  const bound = address !== null && typeof address === 'object' ? address.port : port;
  return { port: bound, close: () => app.close() };
}

function addRoute(app: FastifyInstance, route: Route, deps: AdminDeps): void {
  app.route({
    method: route.method,
    url: route.path,
    // Before the body is read: who may not ask need not send one.
    onRequest: async (request, reply) => {
      const refusal = authorize(route.access, doorOf(deps), callerOf(request));
      return refusal === undefined ? undefined : send(reply, refusal);
    },
    handler: async (request, reply) => {
      const query = singleValues(request.query as Record<string, string | string[]>);
      if (typeof query === 'string') return send(reply, refuse(400, `"${query}" is given twice`, 'give it once'));
      const body = typeof request.body === 'string' ? request.body : '';
      const {
        accept,
        'accept-encoding': encodings,
        'if-match': ifMatch,
        'if-none-match': ifNoneMatch,
      } = request.headers;
      const asked = { accept, acceptEncoding: Array.isArray(encodings) ? encodings.join() : encodings };
      return send(
        reply,
        await route.handle({ query, body, key: keyOf(request), ifMatch, ifNoneMatch, ...asked }, deps.ports),
      );
    },
  });
}

function keyOf({ params }: FastifyRequest): string | undefined {
  const { '*': key } = params as { readonly '*'?: string };
  return key;
}

function send(reply: FastifyReply, { status, contentType, body, packed, headers }: AdminReply): FastifyReply {
  return reply
    .code(status)
    .headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...headers })
    .type(contentType)
    .send(packed ?? body);
}

function doorOf({ token, hosts = [], listen }: AdminDeps) {
  return { token, hosts: [...hosts, listen.host] };
}

function callerOf({ headers, socket, raw }: FastifyRequest): Caller {
  const fetchSite = headers['sec-fetch-site'];
  return {
    peerAddress: peerAddressOf(socket),
    authorization: headers.authorization,
    host: headers.host,
    origin: headers.origin,
    fetchSite: Array.isArray(fetchSite) ? fetchSite.join() : fetchSite,
    forwarded: isForwarded(headers),
    httpVersion: raw.httpVersion,
    localPort: socket.localPort,
  };
}

/** The query with one value for each name, or the name that has several. */
function singleValues(query: Readonly<Record<string, string | string[]>>): Query | string {
  const single: Record<string, string> = {};
  for (const [name, value] of Object.entries(query)) {
    if (typeof value !== 'string') return name;
    single[name] = value;
  }
  return single;
}

function unknownRoute({ method, url }: FastifyRequest): AdminReply {
  const path = url.split('?', 1)[0] ?? '';
  const there = ROUTES.filter((route) => isAt(route.path, path)).map((route) => route.method);
  if (there.length === 0) {
    const paths = new Set(ROUTES.map((route) => route.path));
    return refuse(404, `there is no ${path}`, `there are: ${[...paths].join(', ')}`);
  }
  const allow = there.flatMap((one) => (one === 'GET' ? ['GET', 'HEAD'] : [one])).join(', ');
  return refuse(405, `${path} does not take ${method}`, `use ${there.join(', ')}`, { allow });
}

function isAt(route: string, path: string): boolean {
  return route.endsWith('*') ? path.startsWith(route.slice(0, -1)) : route === path;
}

function refusalOf(error: FastifyError): AdminReply {
  const status = error.statusCode ?? 500;
  switch (status) {
    case 413:
      return refuse(413, 'the body is too large', `send at most ${BODY_BYTES_MAX} bytes`);
    case 503:
      return refuse(503, `no answer within ${HANDLER_MS / 1000} s`, 'try again; if it stays, look at the log');
    default:
      if (status >= 500) return refuse(500, 'this is an error in Meridian', 'look at the log, and report it');
      return refuse(status, error.message, 'look at docs/operations.md for what the admin API takes');
  }
}
