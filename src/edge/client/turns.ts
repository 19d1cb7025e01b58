import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { AHEAD_BYTES_MAX, type AheadBytes } from './ahead-bytes.ts';
import { endLingering } from './lingering-end.ts';

/**
 * The requests of one connection, one at a time. Node's parser announces every request that it finds in what it has read, whether
 * or not the ones before have been answered. Here only the first of them is let through; the next is when the answer
 * before it has gone out. Those that wait are counted, by connection and in all: from `AHEAD_BYTES_MAX` on the connection is not read
 * any further, and when there is no room in all it is closed behind the last request that there was room for.
 */
type Line = {
  /** The answer to the request that came last. */
  last: ServerResponse;
  waiting: number;
  bytes: number;
  paused: boolean;
  /** Nothing that comes now is taken. */
  closing: boolean;
};

/** What a waiting request holds besides its head. */
export const WAITING_REQUEST_BYTES = 1024;

const lines = new WeakMap<Socket, Line>();

/** Calls `go` with both when it is this request's turn; never, when the connection ends before. */
export function takeTurn(
  ahead: AheadBytes,
  request: IncomingMessage,
  response: ServerResponse,
  go: (request: IncomingMessage, response: ServerResponse) => void,
): void {
  const { socket } = request;
  const known = lines.get(socket);
  if (known?.closing === true) return;
  if (response.socket !== null) {
    if (known !== undefined) known.last = response;
    return go(request, response);
  }
  const line = known ?? newLine(ahead, socket);
  const bytes = bytesOf(request);
  if (!ahead.take(bytes)) return closeBehind(line, socket);
  line.last = response;
  line.waiting += 1;
  line.bytes += bytes;
  response.once('socket', () => {
    line.waiting -= 1;
    line.bytes -= bytes;
    ahead.give(bytes);
    regulate(line, socket);
    go(request, response);
  });
  regulate(line, socket);
}

/** The answer to the request of this connection that came last; undefined when none is under way. */
export function lastAnswer(socket: Socket): ServerResponse | undefined {
  const line = lines.get(socket);
  if (line !== undefined && line.waiting > 0) return line.last;
  const { _httpMessage: current } = socket as Socket & { readonly _httpMessage?: ServerResponse | null };
  return current === null || current?.writableFinished === true ? undefined : current;
}

/** Calls `act` when every answer to what came before has gone out; never, when the connection ends before. */
export function afterAnswers(socket: Socket, act: () => void): void {
  const last = lastAnswer(socket);
  if (last === undefined) return act();
  last.once('finish', () => {
    if (socket.writable) afterAnswers(socket, act);
  });
}

function newLine(ahead: AheadBytes, socket: Socket): Line {
  const { _httpMessage: current } = socket as Socket & { readonly _httpMessage: ServerResponse };
  const line: Line = { last: current, waiting: 0, bytes: 0, paused: false, closing: false };
  lines.set(socket, line);
  socket.once('close', () => {
    ahead.give(line.bytes);
    line.bytes = 0;
    line.closing = true;
  });
  return line;
}

function bytesOf({ rawHeaders, url = '' }: IncomingMessage): number {
  return rawHeaders.reduce((sum, text) => sum + text.length, url.length + WAITING_REQUEST_BYTES);
}

/** There is no room for another one: the connection ends behind the last that is in the line. */
function closeBehind(line: Line, socket: Socket): void {
  line.closing = true;
  regulate(line, socket);
  if (!line.last.headersSent) line.last.shouldKeepAlive = false;
  line.last.once('finish', () => endLingering(socket));
}

/**
 * Stops reading while too much waits. Node's parser starts it again at the end of every message, in a tick that it has planned by now,
 * and so the stop comes a tick after that.
 */
function regulate(line: Line, socket: Socket): void {
  if (line.closing || line.bytes > AHEAD_BYTES_MAX) {
    line.paused = true;
    process.nextTick(() => process.nextTick(pauseIf, line, socket));
  } else if (line.paused) {
    line.paused = false;
    socket.resume();
  }
}

function pauseIf(line: Line, socket: Socket): void {
  if (line.paused && !socket.destroyed && !socket.writableEnded) socket.pause();
}
