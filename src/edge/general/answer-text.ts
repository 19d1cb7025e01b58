import { type AnswerHead, ReadHead } from '../message/answer-head.ts';
import { dateLine, linesOf } from '../message/lines.ts';
import type { RequestHead } from '../message/request-head.ts';
import type { Attempt, Exchange } from '../request/exchange.ts';
import { hasOwnFields, ownFields } from '../request/own-fields.ts';
import { type ReadyHead, TAKES_READY_HEADS } from './ready-head.ts';

/** What of an answer's head is this edge's to say. */
export type AnswerContext = {
  readonly exchange: Exchange;
  /** The attempt that was answered. */
  readonly attempt: Attempt | undefined;
  /** Whether the connection ends behind the answer; where it does not, it is kept for so long when nothing comes. */
  readonly close: boolean;
  readonly keepAliveMs: number;
};

/** The head of an endpoint's answer as the client gets it, its lines as they came; undefined where that takes more than putting texts together. */
export function readyHead(head: AnswerHead, about: AnswerContext): ReadyHead | undefined {
  const { exchange, attempt, close, keepAliveMs } = about;
  if (!(head instanceof ReadHead) || !TAKES_READY_HEADS || !isUsual(exchange.head, head)) return undefined;
  const { status, reason, lines, length, dated } = head;
  const chunked = length < 0 && status !== 204 && status !== 304 && exchange.head.method !== 'HEAD';
  let text = `HTTP/1.1 ${status} ${reason}\r\n${lines}X-Request-Id: ${exchange.requestId}\r\n`;
  if (chunked) text += 'Transfer-Encoding: chunked\r\n';
  if (!dated) text += dateLine();
  if (exchange.chaos !== '') text += `Chaos: ${exchange.chaos}\r\n`;
  if (hasOwnFields(exchange) && attempt !== undefined) text += linesOf(ownFields(exchange, attempt));
  return { status, text: `${text}${close ? CLOSE : keepAliveLines(keepAliveMs)}\r\n`, chunked, close };
}

/**
 * HTTP/1.0 knows no chunks, a HEAD gets no trailers and so no announcement of them, an offer to upgrade is about the connection as
 * well, and after an expectation node:http has its own opinion of that.
 */
function isUsual({ version, method, fields }: RequestHead, { status, length }: ReadHead): boolean {
  return (
    version === '1.1' && status !== 426 && !(method === 'HEAD' && length < 0) && fields.first('expect') === undefined
  );
}

const CLOSE = 'Connection: close\r\n';

let keptMs = -1;
let keptLines = '';

/** The same for nearly all answers of a thread. */
function keepAliveLines(ms: number): string {
  if (ms !== keptMs) {
    keptMs = ms;
    keptLines = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(ms / 1000)}\r\n`;
  }
  return keptLines;
}
