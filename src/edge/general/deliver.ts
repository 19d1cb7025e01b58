import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { invariant } from '../../table/invariant.ts';
import { atEndOfTurn } from '../../table/timers.ts';
import type { AnswerHead } from '../message/answer-head.ts';
import { reasonOf } from '../message/answer-line.ts';
import { clientResponseHeaders, clientTrailers, upgradeOffer } from '../message/headers.ts';
import type { RequestHead } from '../message/request-head.ts';
import { decisionHeaders } from '../request/decision-headers.ts';
import type { Journey } from './journey.ts';

/**
 * Writes an endpoint's answer to the client: the head at once, the body as it comes with backpressure, then trailers. A
 * body that breaks off breaks the client's connection too, so that nobody takes half an answer for a whole one.
 */
export function deliver(
  request: IncomingMessage,
  response: ServerResponse,
  flight: Journey,
  answer: { readonly body: Readable; readonly close: boolean },
): void {
  const { head, exchange } = flight;
  if (head === undefined) {
    invariant(false, 'an answer without a head');
    flight.abandon();
    response.destroy();
    return;
  }
  const headers = clientResponseHeaders(head.headers, mayHaveTrailers(exchange.head, head));
  headers.push('X-Request-Id', exchange.requestId);
  if (exchange.chaos !== '') headers.push('Chaos', exchange.chaos);
  headers.push(...flight.said);
  const attempt = flight.answeredBy;
  if (exchange.explained && attempt !== undefined) headers.push(...decisionHeaders(exchange, attempt));
  // A connection whose request was not read to its end cannot carry another one.
  const offer = upgradeOffer(head.status, head.headers);
  headers.push(...offer);
  // Node says it by itself where nothing has been said of the connection.
  const says = answer.close || !request.complete || (offer.length > 0 && !response.shouldKeepAlive);
  if (says) headers.push('Connection', 'close');
  response.writeHead(head.status, reasonOf(head.status, head.reason), headers);
  passOn(answer.body, response, flight);
}

/**
 * The body as it comes. Most answers are small and whole by now, and go out in one write together with their head; the
 * head of one whose body lets itself be waited for goes out alone, at the end of this turn of the event loop.
 * (`stream.pipeline` would do, but makes an error object for every answer that ends well.)
 */
function passOn(body: Readable, response: ServerResponse, flight: Journey): void {
  let begun = false;
  const toTheEnd = !response.chunkedEncoding && !hasLength(flight.head?.headers ?? []);
  const broken = (): void => {
    flight.abandon();
    breakOff(response, toTheEnd);
  };
  body.once('data', () => {
    begun = true;
  });
  body.once('end', () => {
    if (flight.trailers.length > 0 && response.chunkedEncoding) response.addTrailers(clientTrailers(flight.trailers));
  });
  body.once('error', broken);
  response.once('error', broken);
  response.once('close', () => {
    if (!response.writableFinished) body.destroy();
  });
  body.pipe(response);
  atEndOfTurn(() => {
    if (!begun && !response.writableEnded && !response.destroyed) response.write(NOTHING);
  });
}

/**
 * Breaks the client's connection, if need be as soon as the answers before this one are out: node:http forgets a destroyed response
 * that had no turn yet, and the client would wait for it. To a client that reads until the connection ends, an end in
 * good order would be the end of the answer, so that one is reset.
 */
function breakOff(response: ServerResponse, toTheEnd: boolean): void {
  const cut = (socket: Socket): void => void (toTheEnd ? socket.resetAndDestroy() : socket.destroy());
  if (response.socket === null) response.once('socket', cut);
  else cut(response.socket);
  response.destroy();
}

/** Only chunks have trailers; node:http throws when they are announced for anything else. */
function mayHaveTrailers({ version, method }: RequestHead, { status, headers }: AnswerHead): boolean {
  return version === '1.1' && method !== 'HEAD' && status !== 204 && status !== 304 && !hasLength(headers);
}

/** What sends a head alone: `flushHeaders` would write its bytes above ASCII as UTF-8. */
const NOTHING = Buffer.alloc(0);

function hasLength(headers: readonly string[]): boolean {
  return headers.some((name, i) => i % 2 === 0 && name.toLowerCase() === 'content-length');
}
