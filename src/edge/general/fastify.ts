import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import httpProxy from '@fastify/http-proxy';
import Fastify, { type FastifyReply } from 'fastify';
import { isFault } from '../../resilience/fault.ts';
import type { Random } from '../../table/clock.ts';
import type { AheadBytes } from '../client/ahead-bytes.ts';
import { isRefused, takeNoMoreOf } from '../client/refused-connections.ts';
import { takeTurn } from '../client/turns.ts';
import type { Ladders } from '../ladder/ladders.ts';
import { LadderFlight } from '../ladder/undici-ladder.ts';
import { faultAnswer, refusalAnswer, sendOwn } from '../message/answer.ts';
import type { AnswerHead } from '../message/answer-head.ts';
import { interimText } from '../message/interim.ts';
import type { Exchange } from '../request/exchange.ts';
import type { Pipeline } from '../request/pipeline.ts';
import type { OnSwitch } from '../request/switched.ts';
import { brokeOff, onClientError } from './client-error.ts';
import { deliver } from './deliver.ts';
import type { Journey } from './journey.ts';
import { answerHere, isForThisEdge } from './last-hop.ts';
import { ReplayBody } from './replay-body.ts';
import { intake } from './request-intake.ts';
import { type FailoverDispatcher, FLIGHT, type Launchable } from './undici-dispatcher.ts';
import { Flight, type OnInterim } from './undici-flight.ts';

/**
 * The engine for any HTTP request: Fastify with @fastify/http-proxy over our own dispatcher.
 *
 * What these two would do to a request (decode its path, join its headers, refuse its method, parse its body, retry it)
 * they do to a stand-in: every request is `GET /` without headers to them, and its real head goes beside it in the
 * flight. So their conveniences cannot touch what a client meant, and the answer is written from what the endpoint sent.
 */
export type FastifyEngineDeps = {
  readonly pipeline: Pipeline;
  readonly dispatcher: FailoverDispatcher;
  readonly ladders: Ladders;
  readonly pseudonym: () => string;
  /** Whether connections should be closed after their answer, because the edge is going down. */
  readonly draining: () => boolean;
  /** Told of bytes of bodies that pass through. */
  readonly passed: (bytes: number) => void;
  /** Counts a request that was not taken. */
  readonly refused: () => void;
  readonly random: Random;
  /** Makes the server around the engine's request listener. */
  readonly server: (listener: Listener) => Server;
  /** Counts what clients send ahead of their turn. */
  readonly ahead: AheadBytes;
  /** Told of an error in our own handling of a connection, which is ended. */
  readonly faulted: (error: unknown) => void;
};

type Listener = (request: IncomingMessage, response: ServerResponse) => void;
/** `onSwitch`: it asks for an upgrade. */
type Call = { readonly request: Carrier; readonly response: ServerResponse; readonly onSwitch?: OnSwitch };
type Carrier = IncomingMessage & { [FLIGHT]?: Journey & Launchable };

export type FastifyEngine = {
  readonly server: Server;
  /** Takes a request for an upgrade: like any other one, except that `onSwitch` is told if it is granted. */
  readonly take: (request: IncomingMessage, response: ServerResponse, onSwitch: OnSwitch) => void;
  readonly close: () => Promise<void>;
};

/** Builds the engine. */
export async function fastifyEngine(deps: FastifyEngineDeps): Promise<FastifyEngine> {
  let onRequest: Listener = () => {};
  const app = Fastify({
    logger: false,
    clientErrorHandler: (error, socket) => onClientError(error, socket, deps.refused),
    serverFactory: (listener) => {
      onRequest = listener;
      return deps.server((request, response) => comeIn(deps, listener, request, response));
    },
  });
  await app.register(httpProxy, {
    upstream: 'http://meridian.invalid',
    // Typed by the plugin for the undici that it brings itself; all it calls is `request`.
    undici: deps.dispatcher as never,
    httpMethods: ['GET'],
    routes: ['/'],
    proxyPayloads: false,
    disableCache: true,
    retryMethods: [],
    disableRequestLogging: true,
    replyOptions: {
      rewriteRequestHeaders: (request) => carried(request.raw as Carrier) as never,
      onResponse: (_request, reply, answer) => onAnswer(deps, reply as unknown as FastifyReply, answer),
      onError: (reply) => onFault(deps, reply as unknown as FastifyReply),
    },
  });
  await app.ready();
  return {
    server: app.server,
    take: (request, response, onSwitch) => take(deps, onRequest, { request, response, onSwitch }),
    close: () => app.close(),
  };
}

/** A request has been read. It is taken when it is its turn; an error in doing so is this connection's, and nobody else's. */
function comeIn(deps: FastifyEngineDeps, listener: Listener, request: Carrier, response: ServerResponse): void {
  takeTurn(deps.ahead, request, response, () => {
    try {
      if (!brokeOff(response)) take(deps, listener, { request, response });
    } catch (error) {
      deps.faulted(error);
      response.destroy();
    }
  });
}

/** The first thing that happens to a request whose turn it is: it is identified, and its stand-in is sent through the libraries. */
function take(deps: FastifyEngineDeps, listener: Listener, { request, response, onSwitch }: Call): void {
  if (isRefused(request.socket)) return;
  const protocol = 'encrypted' in request.socket ? 'https' : 'http';
  const head = intake(request, protocol);
  if ('problem' in head) {
    deps.refused();
    takeNoMoreOf(request.socket);
    return sendOwn(response, refusalAnswer(head.status, head.problem), true);
  }
  if (isAskedInVain(request)) response.shouldKeepAlive = false;
  if (isForThisEdge(head)) return answerHere(request, response, head);
  const exchange = deps.pipeline.identify(head);
  if (isFault(exchange)) {
    const about = { pseudonym: deps.pseudonym(), requestId: exchange.requestId, draw: deps.random() };
    // A request without a body is not `complete` yet when it is announced, and its connection can carry the next one.
    return sendOwn(response, faultAnswer(exchange, about), deps.draining() || (head.hasBody && !request.complete));
  }
  const keep = exchange.view.service.retries.bufferBytes;
  const body = head.hasBody ? new ReplayBody(request, keep, deps.passed) : undefined;
  const flight = flightOf(deps, exchange, { body, response });
  if (onSwitch !== undefined && flight instanceof Flight) flight.onSwitch = onSwitch;
  response.on('close', () => {
    if (!response.writableFinished) flight.abandon();
  });
  request[FLIGHT] = flight;
  request.method = 'GET';
  request.url = '/';
  request.headers = {};
  listener(request, response);
}

/**
 * Asks for an upgrade that is not to be had here. Node's parser stops at the end of such a request, to let the other protocol begin, and
 * what came behind it in the same piece is lost: the connection is closed, so that the client asks again.
 */
function isAskedInVain(request: IncomingMessage & { readonly upgrade?: boolean }): boolean {
  const { upgrade, connection = '' } = request.headers;
  return upgrade !== undefined && request.upgrade !== true && /\bupgrade\b/i.test(connection);
}

function carried(raw: Carrier): { [FLIGHT]: Journey & Launchable } {
  return { [FLIGHT]: raw[FLIGHT] as Journey & Launchable };
}

function onAnswer(deps: FastifyEngineDeps, reply: FastifyReply, answer: unknown): void {
  const raw = reply.request.raw as Carrier;
  reply.hijack();
  const { stream } = answer as { stream: Readable };
  deliver(raw, reply.raw, raw[FLIGHT] as Journey, { body: stream, close: deps.draining() });
}

function onFault(deps: FastifyEngineDeps, reply: FastifyReply): void {
  const raw = reply.request.raw as Carrier;
  const { fault, faultStatus, exchange } = raw[FLIGHT] as Journey;
  reply.hijack();
  if (reply.raw.destroyed) return;
  const about = {
    pseudonym: deps.pseudonym(),
    requestId: exchange.requestId,
    draw: deps.random(),
    chaos: exchange.chaos,
    status: faultStatus,
  };
  const known = fault ?? { kind: 'reset', sent: 'some', cause: 'unknown' };
  sendOwn(reply.raw, faultAnswer(known, about), deps.draining() || !raw.complete);
}

/** An upgrade is nothing that a copy could stand in for. */
function flightOf(
  { ladders }: FastifyEngineDeps,
  exchange: Exchange,
  { body, response }: { readonly body: ReplayBody | undefined; readonly response: ServerResponse },
): Journey & Launchable {
  const { head, view } = exchange;
  const interim: OnInterim = (answer) => sendInterim(head.version, response, answer);
  const ladder = head.upgrade === undefined ? ladders.of(view.service) : undefined;
  return ladder === undefined ? new Flight(exchange, body, interim) : new LadderFlight(exchange, ladder, body, interim);
}

/** Interim answers go on as they come (RFC 9110 §15.2), but not to clients of HTTP/1.0, which do not know them. */
function sendInterim(version: '1.0' | '1.1', response: ServerResponse, { status, reason, headers }: AnswerHead): void {
  // Before its turn comes, it would get between the head and the body of another answer.
  if (version === '1.0' || response.headersSent || response.socket === null) return;
  response.socket.write(interimText(status, reason, headers), 'latin1');
}
