import { expect, test } from 'vitest';
import { type AnswerContext, readyHead } from '../../../../src/edge/general/answer-text.ts';
import { ReadHead } from '../../../../src/edge/message/answer-head.ts';
import type { RequestHead } from '../../../../src/edge/message/request-head.ts';
import { parseResponse, ResponseHead } from '../../../../src/edge/message/response-head.ts';
import type { Exchange } from '../../../../src/edge/request/exchange.ts';
import { headOf } from '../../../support/request.ts';

function answer(text: string): ReadHead {
  const head = new ResponseHead();
  const bytes = Buffer.from(`HTTP/1.1 ${text}\r\n\r\n`, 'latin1');
  expect(parseResponse(bytes, 0, bytes.length, head)).toBe(bytes.length);
  return new ReadHead(head);
}

function about(request: Partial<RequestHead> = {}, more: Partial<AnswerContext> = {}): AnswerContext {
  const exchange = { head: headOf(request), requestId: 'r-1', chaos: '', explained: false } as unknown as Exchange;
  return { exchange, attempt: undefined, close: false, keepAliveMs: 5500, ...more };
}

const DATE = 'Date: Sat, 28 Nov 2026 12:00:00 GMT';
const KEPT = 'Connection: keep-alive\r\nKeep-Alive: timeout=5\r\n\r\n';

test('what the endpoint said as it came, and what is ours', () => {
  expect(readyHead(answer(`200 Fine\r\ncontent-length: 2\r\n${DATE}\r\nKeep-Alive: timeout=9`), about())).toEqual({
    status: 200,
    text: `HTTP/1.1 200 Fine\r\ncontent-length: 2\r\n${DATE}\r\nX-Request-Id: r-1\r\n${KEPT}`,
    chunked: false,
    close: false,
  });
});

test('a connection that ends says so, and how long one is kept may change', () => {
  const head = answer(`200 OK\r\nContent-Length: 2\r\n${DATE}`);
  expect(readyHead(head, about({}, { close: true }))?.text).toMatch(/\r\nConnection: close\r\n\r\n$/);
  expect(readyHead(head, about({}, { keepAliveMs: 72_000 }))?.text).toMatch(/\r\nKeep-Alive: timeout=72\r\n\r\n$/);
});

test.each([
  ['chunks', {}, '200 OK\r\nTransfer-Encoding: chunked', true],
  ['a body up to the end of the connection', {}, '200 OK', true],
  ['a known length', {}, '200 OK\r\nContent-Length: 2', false],
  ['no body by its status', {}, '304 Not Modified', false],
  ['no body at all', {}, '204 No Content', false],
  ['no body by the method', { method: 'HEAD' }, '200 OK\r\nContent-Length: 2', false],
])('%s', (_, request, said, chunked) => {
  const head = readyHead(answer(said), about(request));
  expect(head?.chunked).toBe(chunked);
  expect(head?.text.includes('\r\nTransfer-Encoding: chunked\r\n')).toBe(chunked);
});

test('an answer without a date gets one', () => {
  expect(readyHead(answer('200 OK'), about())?.text).toMatch(/\r\nDate: [^\r]* GMT\r\n/);
});

test('experiments that touched the request are named', () => {
  const context = about();
  context.exchange.chaos = 'slow';
  expect(readyHead(answer('200 OK'), context)?.text).toContain('\r\nChaos: slow\r\n');
});

test.each([
  ['a client of HTTP/1.0', { version: '1.0' as const }, '200 OK\r\nContent-Length: 2'],
  ['trailers that a HEAD does not get', { method: 'HEAD' }, '200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X'],
  ['an offer to upgrade', {}, '426 Upgrade Required\r\nContent-Length: 0\r\nUpgrade: a\r\nConnection: Upgrade'],
  ['an expectation', { headers: ['Expect', '100-continue'] }, '200 OK\r\nContent-Length: 2'],
])('%s takes more than that', (_, request, said) => {
  expect(readyHead(answer(said), about(request))).toBeUndefined();
});

test('so does a head that was not read from a connection', () => {
  const { status, reason, headers } = answer('200 OK\r\nContent-Length: 2');
  expect(readyHead({ status, reason, headers }, about())).toBeUndefined();
});
