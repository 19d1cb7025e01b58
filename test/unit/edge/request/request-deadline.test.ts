import { expect, test } from 'vitest';
import { requestMs, withTimeLeft } from '../../../../src/edge/request/request-deadline.ts';
import { headOf } from '../../../support/request.ts';

const NEVER = Number.POSITIVE_INFINITY;
const asks = (headers: readonly string[], more = {}) => headOf({ headers, ...more });
const grpc = (timeout: string) =>
  asks(['content-type', 'application/grpc', 'grpc-timeout', timeout], { method: 'POST', version: '2.0' });
const timed = (ms: number, header?: string, from: 'never' | 'trusted' | 'always' = 'never') => ({
  requestMs: ms,
  requestHeader: header,
  requestHeaderFrom: from,
});

test.each([
  ['without any', asks([]), timed(NEVER), false, NEVER],
  ['of the service', asks([]), timed(1000), false, 1000],
  ['that nobody believes', asks(['X-Left', '5']), timed(1000, 'x-left'), true, 1000],
  ['of a trusted proxy', asks(['X-Left', '5']), timed(1000, 'x-left', 'trusted'), true, 5],
  ['of a stranger', asks(['X-Left', '5']), timed(1000, 'x-left', 'trusted'), false, 1000],
  ['of anybody', asks(['X-Left', '5']), timed(1000, 'x-left', 'always'), false, 5],
  ['that would be longer', asks(['X-Left', '5000']), timed(1000, 'x-left', 'always'), false, 1000],
  ['that is no number', asks(['X-Left', '-5']), timed(1000, 'x-left', 'always'), false, 1000],
  ['where the service has none', asks(['X-Left', '5']), timed(NEVER, 'x-left', 'always'), false, 5],
  ['of gRPC', grpc('250m'), timed(1000), false, 250],
  ['of gRPC, longer', grpc('1H'), timed(1000), false, 1000],
  ['of gRPC, malformed', grpc('soon'), timed(1000), false, 1000],
  ['of gRPC, in a request that is none', asks(['grpc-timeout', '1m']), timed(1000), false, 1000],
])('a time %s', (_, head, timeouts, trusted, ms) => expect(requestMs(head, timeouts, trusted)).toBe(ms));

function told(text: string, head: ReturnType<typeof headOf>, timeouts: ReturnType<typeof timed>, leftMs: number) {
  return withTimeLeft(text, { head, untilMs: 1000 + leftMs, view: { service: { timeouts } } }, { nowMs: 1000 });
}

const TEXT = 'GET / HTTP/1.1\r\nHost: a\r\nX-LEFT: 7\r\nGrpc-Timeout: 9S\r\nAccept: */*\r\n\r\n';

test('nothing is told where nothing is asked for', () => {
  expect(told(TEXT, asks([]), timed(NEVER), NEVER)).toBe(TEXT);
  expect(told(TEXT, asks([]), timed(500), 500)).toBe(TEXT);
});

test('what is left takes the place of what the client says', () => {
  expect(told(TEXT, asks([]), timed(500, 'x-left'), 300.7)).toBe(
    'GET / HTTP/1.1\r\nHost: a\r\nGrpc-Timeout: 9S\r\nAccept: */*\r\nx-left: 300\r\n\r\n',
  );
  expect(told(TEXT, grpc('9S'), timed(500), 300.7)).toBe(
    'GET / HTTP/1.1\r\nHost: a\r\nX-LEFT: 7\r\nAccept: */*\r\ngrpc-timeout: 300m\r\n\r\n',
  );
});

test('a field of ours without a limit says nothing, and the client does not either', () => {
  expect(told(TEXT, asks([]), timed(NEVER, 'x-left'), NEVER)).toBe(TEXT.replace('X-LEFT: 7\r\n', ''));
});

test('less than a millisecond is one', () => {
  expect(told(TEXT, grpc('9S'), timed(500, 'x-left'), 0.2)).toMatch(/x-left: 1\r\ngrpc-timeout: 1m\r\n/);
});
