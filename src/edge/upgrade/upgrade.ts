import {
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type InformationEvent,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import { type Fault, isFault } from '../../resilience/fault.ts';
import type { Address } from '../../table/addresses.ts';
import type { Random } from '../../table/clock.ts';
import type { FaultPlan } from '../../table/fault-plan.ts';
import { startTimer, stopTimer, type Timer } from '../../table/timers.ts';
import { isRefused } from '../general/refused-connections.ts';
import { intake } from '../general/request-intake.ts';
import { faultAnswer, type OwnAnswer, ownAnswerBytes, refusalAnswer } from '../message/answer.ts';
import { authorityOf } from '../message/authority.ts';
import { clientResponseHeaders, upstreamRequestHeaders } from '../message/headers.ts';
import { headText, interimText, withoutLength } from '../message/interim.ts';
import { headerOf } from '../message/request-head.ts';
import type { Attempt, Exchange } from '../request/exchange.ts';
import type { Pipeline } from '../request/pipeline.ts';
import type { Dialer } from '../upstream/dialer.ts';
import type { PerEndpoint } from '../upstream/per-endpoint.ts';
import { faultOf } from '../upstream/undici-fault.ts';
import { type Streams, splice } from './splice.ts';

/**
 * Upgrades (WebSocket and any other): the client's connection is switched only after the chosen endpoint has said 101.
 * Until then the request is like any other: it can fail over, and another answer than 101 is passed on as it is. After
 * that both connections are joined byte for byte, and the endpoint counts one more in flight for as long as they last.
 */
export type UpgradeDeps = {
  readonly dialers: PerEndpoint<Dialer>;
  readonly pipeline: Pipeline;
  readonly pseudonym: () => string;
  /** Counts a request that was not taken. */
  readonly refused: () => void;
  readonly random: Random;
  readonly streams: Streams;
};

/** So much of what a client sends before its upgrade is granted is kept; more is left unread until then. */
export const EARLY_BYTES_MAX = 64 * 1024;

/** The body of an answer that refuses an upgrade is passed on up to this size. */
export const REFUSAL_BODY_BYTES_MAX = 1024 * 1024;

export function onUpgrade(deps: UpgradeDeps, request: IncomingMessage, client: Socket, first: Buffer): void {
  // node:http tells of an upgrade as soon as it is read; the answers to what came before it go first.
  const { _httpMessage: before } = client as Socket & { readonly _httpMessage?: ServerResponse | null };
  if (before !== undefined && before !== null && !before.writableFinished) {
    before.once('close', () => onUpgrade(deps, request, client, first));
    return;
  }
  if (client.destroyed) return;
  // Behind a request that was refused there is no other; its answer is closing the connection.
  if (isRefused(client)) return client.destroySoon();
  client.on('error', () => client.destroy());
  const head = intake(request, 'encrypted' in client ? 'https' : 'http');
  if ('problem' in head) return refuse(deps, client, refusalAnswer(head.status, head.problem));
  if (head.hasBody) return refuse(deps, client, refusalAnswer(400, 'an upgrade may not have a body'));
  const exchange = deps.pipeline.identify(head);
  if (isFault(exchange)) return endWithFault(deps, client, exchange, { requestId: exchange.requestId, chaos: '' });
  new Upgrade(deps, exchange, client, first).next(deps.pipeline.start(exchange));
}

class Upgrade {
  readonly #deps: UpgradeDeps;
  readonly #exchange: Exchange;
  readonly #client: Socket;
  /** What the client sent after its head, without waiting. */
  readonly #early: Buffer[];
  #earlyBytes: number;
  #attempt: Attempt | undefined;
  #upstream: ClientRequest | undefined;
  #cancelDial: (() => void) | undefined;
  #timer: Timer | undefined;
  #over = false;

  constructor(deps: UpgradeDeps, exchange: Exchange, client: Socket, first: Buffer) {
    this.#deps = deps;
    this.#exchange = exchange;
    this.#client = client;
    this.#early = [first];
    this.#earlyBytes = first.length;
    client.once('close', this.#clientGone);
    client.once('end', this.#clientGone);
    // A connection that nobody reads from does not tell that its other side has gone.
    client.on('data', this.#onEarly);
  }

  next(next: Attempt | Fault): void {
    if (!isFault(next)) return this.#try(next);
    this.#over = true;
    this.#deps.pipeline.gaveUp(this.#exchange, next);
    endWithFault(this.#deps, this.#client, next, this.#exchange);
  }

  #try(attempt: Attempt): void {
    this.#attempt = attempt;
    const plan = this.#deps.pipeline.sabotage(this.#exchange, attempt);
    if (plan === undefined || (plan.delayMs === 0 && plan.failure === undefined)) return this.#connect(attempt);
    this.#sabotage(attempt, plan);
  }

  /** Experiments delay it or fail it. A partial stream there is not: what an upgrade carries is nobody's to cut. */
  #sabotage(attempt: Attempt, { delayMs, delayedBy, failure }: FaultPlan): void {
    const { pipeline } = this.#deps;
    for (const experiment of delayedBy) pipeline.sabotaged(this.#exchange, experiment, 'latency');
    const { connectMs, firstByteMs } = this.#exchange.view.service.timeouts;
    const late = delayMs >= connectMs + firstByteMs;
    const go = (): void => {
      if (late) return this.next(pipeline.failed(this.#exchange, attempt, LATE_FAULT, true));
      if (failure === undefined) return this.#connect(attempt);
      pipeline.sabotaged(this.#exchange, failure.experiment, 'failure');
      this.#standIn(attempt, failure);
    };
    this.#timer = startTimer(Math.min(delayMs, connectMs + firstByteMs), go, undefined);
  }

  #standIn(attempt: Attempt, { experiment, answer }: NonNullable<FaultPlan['failure']>): void {
    const { pipeline } = this.#deps;
    const cause = `failed by the experiment ${experiment}`;
    if (typeof answer !== 'number') {
      const fault: Fault =
        answer === 'reset'
          ? { kind: 'reset', sent: 'some', cause }
          : { kind: 'connect-refused', sent: 'nothing', cause };
      return this.next(pipeline.failed(this.#exchange, attempt, fault, true));
    }
    const next = pipeline.answered(this.#exchange, attempt, answer, true);
    if (next !== undefined) return this.#try(next);
    this.#over = true;
    pipeline.ended(this.#exchange, attempt, 'complete');
    const own = refusalAnswer(answer, cause);
    this.#client.end(ownAnswerBytes({ ...own, headers: [...own.headers, 'Chaos', this.#exchange.chaos] }));
  }

  /** Makes a connection within `connect`; then the endpoint has `first_byte` to answer. */
  #connect(attempt: Attempt): void {
    const { service } = this.#exchange.view;
    const dialer = this.#deps.dialers.of(service, attempt.endpoint);
    const open = (address: Address) => {
      const socket = dialer.socket(address);
      return { socket, destroy: () => void socket.destroy() };
    };
    this.#timer = startTimer(service.timeouts.connectMs, () => this.#notConnected(attempt, NOT_IN_TIME), undefined);
    this.#cancelDial = dialer.dial(open, {
      dialled: ({ socket }) => this.#connected(attempt, socket),
      notDialled: (error) => this.#notConnected(attempt, faultOf(error, 'nothing')),
    });
  }

  #notConnected(attempt: Attempt, fault: Fault): void {
    stopTimer(this.#timer);
    this.#cancelDial?.();
    this.next(this.#deps.pipeline.failed(this.#exchange, attempt, fault, true));
  }

  #connected(attempt: Attempt, socket: Socket): void {
    stopTimer(this.#timer);
    // node:http listens a little later, and an error that nobody listens to would end the thread.
    socket.on('error', () => {});
    const upstream = this.#send(attempt, socket);
    this.#upstream = upstream;
    const { firstByteMs } = this.#exchange.view.service.timeouts;
    this.#timer = startTimer(firstByteMs, () => upstream.destroy(TOO_LATE), undefined);
    upstream.on('information', (interim) => this.#interim(interim));
    upstream.on('upgrade', (answer, socket, early) => this.#switched(attempt, answer, socket, early));
    upstream.on('response', (answer) => this.#refused(attempt, answer));
    upstream.on('error', (error) => this.#failed(attempt, error));
    upstream.end();
  }

  #send(attempt: Attempt, socket: Socket): ClientRequest {
    const { head, requestId, trustedPeer, pseudonym } = this.#exchange;
    const { url } = attempt.endpoint;
    const headers = upstreamRequestHeaders(head, { trustedPeer, requestId, pseudonym }, authorityOf(url));
    headers.push('Connection', 'Upgrade', 'Upgrade', headerOf(head.headers, 'upgrade') ?? '');
    return httpRequest({
      createConnection: () => socket,
      method: head.method,
      path: url.basePath + head.target,
      headers: headers as never,
      setHost: false,
    });
  }

  /** Interim answers go on as they come, before a 101 too (RFC 9110 §15.2). */
  #interim({ statusCode, statusMessage, rawHeaders }: InformationEvent): void {
    if (!this.#over) this.#client.write(interimText(statusCode, statusMessage, rawHeaders), 'latin1');
  }

  #switched(attempt: Attempt, answer: IncomingMessage, upstream: Socket, early: Buffer): void {
    stopTimer(this.#timer);
    if (this.#over) return void upstream.destroy();
    this.#over = true;
    this.#deps.pipeline.answered(this.#exchange, attempt, answer.statusCode ?? 101, false);
    const headers = clientResponseHeaders(answer.rawHeaders, false);
    headers.push('Connection', 'Upgrade', 'Upgrade', headerOf(answer.rawHeaders, 'upgrade') ?? '');
    headers.push('X-Request-Id', this.#exchange.requestId);
    if (this.#exchange.chaos !== '') headers.push('Chaos', this.#exchange.chaos);
    this.#client.write(headText(101, answer.statusMessage ?? 'Switching Protocols', headers), 'latin1');
    if (early.length > 0) this.#client.write(early);
    this.#client.off('data', this.#onEarly);
    this.#client.off('end', this.#clientGone);
    upstream.write(Buffer.concat(this.#early));
    const release = this.#deps.pipeline.upgraded(this.#exchange, attempt);
    splice(
      this.#client,
      upstream,
      { idleMs: this.#exchange.view.service.timeouts.idleMs, streams: this.#deps.streams },
      release,
    );
  }

  #refused(attempt: Attempt, answer: IncomingMessage): void {
    stopTimer(this.#timer);
    if (this.#over) return void answer.destroy();
    const status = answer.statusCode ?? 502;
    const next = this.#deps.pipeline.answered(this.#exchange, attempt, status, true);
    if (next !== undefined) {
      answer.destroy();
      return this.#try(next);
    }
    this.#over = true;
    this.#passOn(attempt, answer, status);
  }

  /** Passes on an answer that is no 101, with a length that is known to be right. */
  #passOn(attempt: Attempt, answer: IncomingMessage, status: number): void {
    const chunks: Buffer[] = [];
    let bytes = 0;
    answer.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= REFUSAL_BODY_BYTES_MAX) chunks.push(chunk);
      else answer.destroy();
    });
    answer.on('close', () => {
      const how = answer.complete ? 'complete' : 'broken';
      this.#deps.pipeline.ended(this.#exchange, attempt, how);
      if (how === 'broken') {
        this.#client.destroy();
        return;
      }
      const body = Buffer.concat(chunks);
      const headers = withoutLength(clientResponseHeaders(answer.rawHeaders, false));
      headers.push('Content-Length', String(body.length), 'Connection', 'close');
      if (this.#exchange.chaos !== '') headers.push('Chaos', this.#exchange.chaos);
      this.#client.write(headText(status, answer.statusMessage ?? '', headers), 'latin1');
      this.#client.end(body);
    });
  }

  #failed(attempt: Attempt, error: Error): void {
    stopTimer(this.#timer);
    if (this.#over || attempt !== this.#attempt) return;
    const fault = error === TOO_LATE ? LATE_FAULT : faultOf(error, 'some');
    this.next(this.#deps.pipeline.failed(this.#exchange, attempt, fault, true));
  }

  readonly #onEarly = (bytes: Buffer): void => {
    this.#early.push(bytes);
    this.#earlyBytes += bytes.length;
    if (this.#earlyBytes > EARLY_BYTES_MAX) this.#client.pause();
  };

  readonly #clientGone = (): void => {
    if (this.#over) return;
    this.#over = true;
    stopTimer(this.#timer);
    this.#cancelDial?.();
    this.#upstream?.destroy();
    this.#client.destroy();
    this.#deps.pipeline.clientGone(this.#exchange, this.#attempt);
  };
}

const NOT_IN_TIME: Fault = { kind: 'connect-timeout', sent: 'nothing', cause: 'no connection in time' };
const TOO_LATE = new Error('the endpoint did not answer in time');
const LATE_FAULT: Fault = { kind: 'first-byte-timeout', sent: 'some', cause: TOO_LATE.message };

function refuse(deps: UpgradeDeps, client: Socket, answer: OwnAnswer): void {
  deps.refused();
  client.end(ownAnswerBytes(answer));
}

function endWithFault(
  deps: UpgradeDeps,
  client: Socket,
  fault: Fault,
  { requestId, chaos }: Pick<Exchange, 'requestId' | 'chaos'>,
): void {
  const answer = faultAnswer(fault, { pseudonym: deps.pseudonym(), requestId, draw: deps.random(), chaos });
  client.end(ownAnswerBytes(answer), 'latin1');
}
