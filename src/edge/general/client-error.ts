import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { endLingering } from '../client/lingering-end.ts';
import { isRefused } from '../client/refused-connections.ts';
import { afterAnswers, lastAnswer } from '../client/turns.ts';
import { type OwnAnswer, ownAnswerBytes, refusalAnswer } from '../message/answer.ts';

/** Connections on which there will be no more requests: the parser says so again at every piece that still comes. */
const spoiled = new WeakSet<Socket>();

/**
 * Answers a connection on which the parser found no valid request, and closes it. Requests that came whole before the
 * garbage are answered first, in their turn; a 400 must not take the place of their answers. If it came inside of a
 * request's body, the endpoint would wait for the rest of it and be blamed for not answering; so that client is answered as soon as it
 * is that request's turn, and that it is gone cancels the request. `refused` counts it.
 */
export function onClientError(
  error: NodeJS.ErrnoException,
  socket: Socket & { _httpMessage?: ServerResponse },
  refused: () => void,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  if (spoiled.has(socket)) return;
  spoiled.add(socket);
  // What comes behind a request that closes the connection is no request, and nobody asked for one.
  if (error.code !== 'HPE_CLOSED_CONNECTION' && !isRefused(socket)) refused();
  const last = lastAnswer(socket);
  const current = socket._httpMessage ?? undefined;
  if (last === undefined || last.req.complete) {
    afterAnswers(socket, () => refuse(socket, error));
  } else if (last === current) breakOff(current, socket, error);
  // The request whose body it is waits for its turn, in which `brokeOff` is asked.
  else dead.set(last, () => breakOff(last, socket, error));
}

/** Waiting requests whose body will never be whole, and what to do when it is their turn. */
const dead = new WeakMap<ServerResponse, () => void>();

/** Whether the parser gave up in the middle of this request's body while it was waiting for its turn; if so, its client is answered. */
export function brokeOff(response: ServerResponse): boolean {
  const tell = dead.get(response);
  tell?.();
  return tell !== undefined;
}

/** The rest of the body will never come. */
function breakOff(response: ServerResponse, socket: Socket, error: NodeJS.ErrnoException): void {
  // Half an answer must not look like a whole one.
  if (response.headersSent) return void socket.destroy();
  // The response is cancelled without its socket, on which the client is to read why.
  response.detachSocket(socket);
  response.destroy();
  refuse(socket, error);
}

function refuse(socket: Socket, error: NodeJS.ErrnoException): void {
  if (!socket.writable) return;
  socket.write(ownAnswerBytes(problemOf(error)), 'latin1');
  endLingering(socket);
}

function problemOf(error: ParserError): OwnAnswer {
  if (error.code === 'HPE_HEADER_OVERFLOW') return refusalAnswer(431, 'the request head is too large');
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return refusalAnswer(408, 'the request head did not come in time');
  const line = startLineOf(error);
  if (error.code === 'HPE_INVALID_METHOD' && OTHER_METHOD.test(line)) {
    return refusalAnswer(501, 'the method is not known here');
  }
  if (error.code === 'HPE_INVALID_VERSION' && OTHER_VERSION.test(line)) {
    return refusalAnswer(505, 'only HTTP/1.0 and HTTP/1.1 are spoken here');
  }
  return refusalAnswer(400, 'the request is not valid HTTP/1.1');
}

/** As much of the first line as came in the piece in which the parser stopped. */
function startLineOf({ rawPacket, bytesParsed = 0 }: ParserError): string {
  if (rawPacket === undefined) return '';
  const text = rawPacket.toString('latin1', 0, bytesParsed + START_BYTES_MAX);
  const [line = ''] = text.slice(text.lastIndexOf('\n', bytesParsed - 1) + 1).split('\r\n', 1);
  return line;
}

type ParserError = NodeJS.ErrnoException & { readonly rawPacket?: Buffer; readonly bytesParsed?: number };

/** So much is looked at of a first line, behind the byte at which the parser stopped. */
const START_BYTES_MAX = 1024;
/** A first line as it should be, but for a method that Node's parser does not know, or a version. */
const OTHER_METHOD = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+ (?:\/|\*|https?:)[^ ]*(?: HTTP\/1\.\d)?$/;
const OTHER_VERSION = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+ (?:\/|\*|https?:)[^ ]* HTTP\/\d\.\d$/;
