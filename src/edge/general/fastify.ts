import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import Fastify, { type FastifyServerOptions } from 'fastify';
import { isFault } from '../../resilience/fault.ts';
import type { Random } from '../../table/clock.ts';
import type { AheadBytes } from '../client/ahead-bytes.ts';
import { isRefused, takeNoMoreOf } from '../client/refused-connections.ts';
import { takeTurn } from '../client/turns.ts';
import { LadderForwarder } from '../ladder/ladder-forwarder.ts';
import type { Ladders } from '../ladder/ladders.ts';
import { faultAnswer, refusalAnswer, sendOwn } from '../message/answer.ts';
import type { AnswerHead } from '../message/answer-head.ts';
import { interimText } from '../message/interim.ts';
import { isForThisEdge } from '../message/last-hop.ts';
import type { RequestHead } from '../message/request-head.ts';
import type { EdgeAnswer } from '../request/challenge-answer.ts';
import type { Exchange } from '../request/exchange.ts';
import { refusalContext } from '../request/fault-context.ts';
import type { AnswerHandler, BodySource, Forward, ForwardOrder, OnInterim } from '../request/forwarding.ts';
import type { Pipeline } from '../request/pipeline.ts';
import type { OnSwitch } from '../request/switched.ts';
import { brokeOff, onClientError } from './client-error.ts';
import { Delivery } from './deliver.ts';
import { Forwarder, type ForwarderDeps } from './forwarder.ts';
import { answerHere } from './last-hop.ts';
import { ReplayBody } from './replay-body.ts';
import { intake } from './request-intake.ts';

/**
 * The engine for any HTTP/1.x request. Fastify has the server: its errors of clients, its start and its end. The requests go past its
 * router straight to `take`, since all that the router, its hooks and its replies could do to a request here is to change it
 * ([0038](../../../docs/decisions/0038-past-the-router.md)).
 */
export type FastifyEngineDeps = {
  readonly pipeline: Pipeline;
  /** How requests get out. */
  readonly out: ForwarderDeps;
  readonly ladders: Ladders;
  /** What this edge itself answers to whoever checks its health. */
  readonly edgeAnswer: EdgeAnswer;
  readonly pseudonym: () => string;
  /** Whether connections should be closed after their answer, because the edge is going down. */
  readonly draining: () => boolean;
  /** How long an idle connection of a client is kept. */
  readonly keepAliveMs: () => number;
  /** Called with the bytes of bodies that pass through. */
  readonly passed: (bytes: number) => void;
  /** Counts a request that was not taken. */
  readonly refused: () => void;
  readonly random: Random;
  /** Makes the server around the engine's request listener. */
  readonly server: (listener: Listener) => Server;
  /** Counts what clients send ahead of their turn. */
  readonly ahead: AheadBytes;
  /** Called with an error in our own handling of a connection; the connection is ended. */
  readonly faulted: (error: unknown) => void;
};

const NO_SCHEMAS = {
  compilersFactory: { buildValidator: () => () => () => true, buildSerializer: () => () => JSON.stringify },
} as unknown as NonNullable<FastifyServerOptions['schemaController']>;

type Listener = (request: IncomingMessage, response: ServerResponse) => void;
/** `onSwitch`: it asks for an upgrade. */
type Call = { readonly request: IncomingMessage; readonly response: ServerResponse; readonly onSwitch?: OnSwitch };

export type FastifyEngine = {
  readonly server: Server;
  /** Takes a request for an upgrade: like any other one, except that `onSwitch` is called if it is granted. */
  readonly take: (request: IncomingMessage, response: ServerResponse, onSwitch: OnSwitch) => void;
  /** Forwards a request that another front has taken. */
  readonly forward: Forward;
  readonly close: () => Promise<void>;
};

/** Builds the engine. */
export async function fastifyEngine(deps: FastifyEngineDeps): Promise<FastifyEngine> {
  const go: Listener = (request, response) => takeInTurn(deps, request, response);
  const app = Fastify({
    logger: false,
    // No route has a schema; told so, Fastify does not load what compiles them: 50 ms of an edge thread's start.
    schemaController: NO_SCHEMAS,
    clientErrorHandler: (error, socket) => onClientError(error, socket, deps.refused),
    serverFactory: () => deps.server((request, response) => takeTurn(deps.ahead, request, response, go)),
  });
  await app.ready();
  return {
    server: app.server,
    take: (request, response, onSwitch) => take(deps, { request, response, onSwitch }),
    forward: (order) => forward(deps, order),
    close: () => app.close(),
  };
}

/** It is this request's turn. An error in taking it is this connection's, and nobody else's. */
function takeInTurn(deps: FastifyEngineDeps, request: IncomingMessage, response: ServerResponse): void {
  try {
    if (!brokeOff(response)) take(deps, { request, response });
  } catch (error) {
    deps.faulted(error);
    response.destroy();
  }
}

/** The first thing that happens to a request whose turn it is: it is identified and sent on its way. */
function take(deps: FastifyEngineDeps, { request, response, onSwitch }: Call): void {
  if (isRefused(request.socket)) return;
  const head = intake(request);
  if ('problem' in head) {
    deps.refused();
    takeNoMoreOf(request.socket);
    return sendOwn(response, refusalAnswer(head.status, head.problem), true);
  }
  if (isAskedInVain(request, head)) response.shouldKeepAlive = false;
  if (isForThisEdge(head)) return answerHere(request, response, head);
  // A request without a body is not `complete` yet when it is announced, and its connection can carry the next one.
  const mustClose = deps.draining() || (head.hasBody && !request.complete);
  const own = deps.edgeAnswer(head);
  if (own !== undefined) return sendOwn(response, own, mustClose);
  const exchange = deps.pipeline.identify(head);
  if ('answer' in exchange) return sendOwn(response, exchange.answer, mustClose);
  if (isFault(exchange)) {
    const context = { ...refusalContext(head, exchange), pseudonym: deps.pseudonym(), draw: deps.random() };
    return sendOwn(response, faultAnswer(exchange, context), mustClose);
  }
  const body = head.hasBody ? request : undefined;
  const interim: OnInterim = (answer) => sendInterim(head.version, response, answer);
  const { forwarding, launch } = forward(deps, { exchange, body, interim, onSwitch });
  launch(new Delivery(deps, request, response, forwarding));
}

function forward(deps: FastifyEngineDeps, { exchange, body, interim, onSwitch }: ForwardOrder): ReturnType<Forward> {
  let handler: AnswerHandler | undefined;
  const beyond = (): void => bodyBeyond(deps, forwarder, handler);
  const replayed = body && bodyOf(deps, body, exchange, beyond);
  const forwarder = forwarderOf(deps, exchange, { body: replayed, interim });
  if (onSwitch !== undefined && forwarder instanceof Forwarder) forwarder.onSwitch = onSwitch;
  const launch = (of: AnswerHandler): void => {
    handler = of;
    forwarder.launch(deps.out, of);
  };
  return { forwarding: forwarder, launch };
}

/** More of a request's body has come than its service takes: the client gets a 413, unless it has half an answer already. */
function bodyBeyond(
  { pipeline }: FastifyEngineDeps,
  forwarder: Forwarder | LadderForwarder,
  handler: AnswerHandler | undefined,
): void {
  if (forwarder.head === undefined) {
    forwarder.fault = pipeline.bodyRefused(forwarder.exchange, 'beyond');
    pipeline.gaveUp(forwarder.exchange, forwarder.fault);
  }
  forwarder.abandon();
  handler?.answerFailed();
}

/** `beyond` is called when more of it has come than the service takes. */
function bodyOf(deps: FastifyEngineDeps, request: BodySource, exchange: Exchange, beyond: () => void): ReplayBody {
  const { head, view } = exchange;
  const passed = (bytes: number): void => {
    exchange.bytesIn += bytes;
    deps.passed(bytes);
    if (exchange.bytesIn > exchange.bodyBytesMax) beyond();
  };
  const chunked = head.fields.first('transfer-encoding') !== undefined;
  const length = chunked ? undefined : Number(head.fields.first('content-length'));
  return new ReplayBody(request, { length, keepBytesMax: view.service.retries.bufferBytes, passed });
}

/**
 * Asks for an upgrade that is not to be had here. Node's parser stops at the end of such a request, to let the other protocol begin, and
 * what came behind it in the same piece is lost: the connection is closed, so that the client asks again.
 */
function isAskedInVain(request: IncomingMessage & { readonly upgrade?: boolean }, { fields }: RequestHead): boolean {
  if (fields.first('upgrade') === undefined || request.upgrade === true) return false;
  return /\bupgrade\b/i.test(fields.joined('connection') ?? '');
}

/** An upgrade is nothing that a copy could stand in for. */
function forwarderOf(
  { ladders }: FastifyEngineDeps,
  exchange: Exchange,
  { body, interim }: { readonly body: ReplayBody | undefined; readonly interim: OnInterim },
): Forwarder | LadderForwarder {
  const { head, view } = exchange;
  const ladder = head.upgrade === undefined ? ladders.of(view.service) : undefined;
  return ladder === undefined
    ? new Forwarder(exchange, body, interim)
    : new LadderForwarder(exchange, ladder, body, interim);
}

/** Interim answers go on as they come (RFC 9110 §15.2), but not to clients of HTTP/1.0, which do not know them. */
function sendInterim(
  version: RequestHead['version'],
  response: ServerResponse,
  { status, reason, headers }: AnswerHead,
): void {
  // Before its turn comes, it would get between the head and the body of another answer.
  if (version === '1.0' || response.headersSent || response.socket === null) return;
  response.socket.write(interimText(status, reason, headers), 'latin1');
}
