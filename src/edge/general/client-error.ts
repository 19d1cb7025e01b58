import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type OwnAnswer, ownAnswerBytes, refusalAnswer } from '../message/answer.ts';
import { isRefused } from './refused-connections.ts';

/**
 * What becomes of a connection on which the parser found no valid request: it is told so and closed. If the garbage came
 * after a good request whose answer is still on its way, that answer goes out whole, and then the connection ends; a 400
 * must not take its place. If it came inside of the request's body, the endpoint would wait for the rest of it and be
 * blamed for not answering; so the client is told at once, and its going cancels the request. `refused` counts it.
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
  // What comes behind a request that closes the connection is no request, and nobody asked for one.
  if (error.code !== 'HPE_CLOSED_CONNECTION' && !isRefused(socket)) refused();
  const pending = socket._httpMessage;
  if (pending === undefined || pending === null || pending.writableFinished) {
    socket.end(ownAnswerBytes(problemOf(error)));
    return;
  }
  if (!pending.req.complete) {
    // It is this request's own body that is no body, or that the client left off: the rest of it will never come.
    if (!pending.headersSent) socket.write(ownAnswerBytes(problemOf(error)), 'latin1');
    socket.destroySoon();
    return;
  }
  pending.shouldKeepAlive = false;
  pending.once('finish', () => socket.destroySoon());
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
