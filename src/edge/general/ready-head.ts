import { type IncomingMessage, ServerResponse } from 'node:http';

/** A head that is text already, and what of it node:http has to know by itself. */
export type ReadyHead = {
  readonly status: number;
  /** From the status line to the empty line, one character a byte. */
  readonly text: string;
  /** Whether the body goes out in chunks, as the text says then. */
  readonly chunked: boolean;
  /** Whether the connection ends behind the answer, as the text says then. */
  readonly close: boolean;
};

type Insides = {
  _header: string | null;
  _headerSent: boolean;
  _hasBody: boolean;
  _last: boolean;
  chunkedEncoding: boolean;
};
const NAMES: readonly (keyof Insides)[] = ['_header', '_headerSent', '_hasBody', '_last', 'chunkedEncoding'];

/**
 * Whether `giveHead` may be called. It does what the last lines of `writeHead` do, which would take the head apart, look at each character
 * of it again and put it together: it sets properties that node:http itself goes by, and that have been there since its beginning. In
 * a runtime that has them not, heads are written by `writeHead`.
 */
export const TAKES_READY_HEADS = hasInsides();

/** Gives a response its head. It goes out with the first bytes of the body, as one of `writeHead` would. */
export function giveHead(response: ServerResponse, { status, text, chunked, close }: ReadyHead): void {
  const inside = response as unknown as Insides;
  response.statusCode = status;
  if (status === 204 || status === 304) inside._hasBody = false;
  inside.chunkedEncoding = chunked;
  if (close) inside._last = true;
  inside._header = text;
  inside._headerSent = false;
}

function hasInsides(): boolean {
  const request = { method: 'GET', httpVersionMajor: 1, httpVersionMinor: 1, headers: {} };
  const response = new ServerResponse(request as unknown as IncomingMessage);
  return NAMES.every((name) => name in response);
}
