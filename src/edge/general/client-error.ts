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

function problemOf(error: NodeJS.ErrnoException): OwnAnswer {
  if (error.code === 'HPE_HEADER_OVERFLOW') return refusalAnswer(431, 'the request head is too large');
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return refusalAnswer(408, 'the request head did not come in time');
  return refusalAnswer(400, 'the request is not valid HTTP/1.1');
}
