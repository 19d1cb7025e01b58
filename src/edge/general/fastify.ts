import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import httpProxy from '@fastify/http-proxy';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { isFault } from '../../resilience/fault.ts';
import type { Random } from '../../table/clock.ts';
import type { Ladders } from '../ladder/ladders.ts';
import { LadderFlight } from '../ladder/undici-ladder.ts';
import { faultAnswer, refusalAnswer, sendOwn } from '../message/answer.ts';
import { interimText } from '../message/interim.ts';
import type { Pipeline } from '../request/pipeline.ts';
import { onClientError } from './client-error.ts';
import { deliver } from './deliver.ts';
import type { AnswerHead, Journey } from './journey.ts';
import { isRefused, takeNoMoreOf } from './refused-connections.ts';
import { ReplayBody } from './replay-body.ts';
import { intake } from './request-intake.ts';
import { type FailoverDispatcher, FLIGHT, type Launchable } from './undici-dispatcher.ts';
import { Flight } from './undici-flight.ts';

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
  readonly server: (listener: (request: IncomingMessage, response: ServerResponse) => void) => Server;
};

type Carrier = IncomingMessage & { [FLIGHT]?: Journey & Launchable };

/** Builds the engine; `ready` must be awaited before its server listens. */
export async function fastifyEngine(deps: FastifyEngineDeps): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    clientErrorHandler: (error, socket) => onClientError(error, socket, deps.refused),
    serverFactory: (listener) => deps.server((request, response) => take(deps, listener, request, response)),
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
  return app;
}

/** The first thing that happens to a request: it is identified, and its stand-in is sent through the libraries. */
function take(
  deps: FastifyEngineDeps,
  listener: (request: IncomingMessage, response: ServerResponse) => void,
  request: Carrier,
  response: ServerResponse,
): void {
  if (isRefused(request.socket)) return;
  const protocol = 'encrypted' in request.socket ? 'https' : 'http';
  const head = intake(request, protocol);
  if ('problem' in head) {
    deps.refused();
    takeNoMoreOf(request.socket);
    return sendOwn(response, refusalAnswer(head.status, head.problem), true);
  }
  if (head.target === '*') return answerAsterisk(request, response);
  const exchange = deps.pipeline.identify(head);
  if (isFault(exchange)) {
    const about = { pseudonym: deps.pseudonym(), requestId: exchange.requestId, draw: deps.random() };
    // A request without a body is not `complete` yet when it is announced, and its connection can carry the next one.
    return sendOwn(response, faultAnswer(exchange, about), deps.draining() || (head.hasBody && !request.complete));
  }
  const keep = exchange.view.service.retries.bufferBytes;
  const body = head.hasBody ? new ReplayBody(request, keep, deps.passed) : undefined;
  const interim = (head: AnswerHead): void => sendInterim(exchange.head.version, response, head);
  const ladder = deps.ladders.of(exchange.view.service);
  const flight =
    ladder === undefined ? new Flight(exchange, body, interim) : new LadderFlight(exchange, ladder, body, interim);
  response.on('close', () => {
    if (!response.writableFinished) flight.abandon();
  });
  request[FLIGHT] = flight;
  request.method = 'GET';
  request.url = '/';
  request.headers = {};
  listener(request, response);
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

/** `OPTIONS *` is about the server itself (RFC 9110 §9.3.7). Its body, if it has one, is let go by first: the next request comes behind it. */
function answerAsterisk(request: IncomingMessage, response: ServerResponse): void {
  request.once('end', () => {
    response.writeHead(204, ['Allow', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS']);
    response.end();
  });
  request.resume();
}

/** Interim answers go on as they come (RFC 9110 §15.2), but not to clients of HTTP/1.0, which do not know them. */
function sendInterim(version: '1.0' | '1.1', response: ServerResponse, { status, reason, headers }: AnswerHead): void {
  // Before its turn comes, it would get between the head and the body of another answer.
  if (version === '1.0' || response.headersSent || response.socket === null) return;
  response.socket.write(interimText(status, reason, headers), 'latin1');
}
