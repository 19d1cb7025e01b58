import { STATUS_CODES } from 'node:http';
import { expect, test } from 'vitest';
import {
  FAULT_STATUS,
  type FaultKind,
  isFault,
  isIdempotent,
  mayRetry,
  PROXY_STATUS_ERROR,
} from '../../../src/resilience/fault.ts';
import { OUTCOMES } from '../../../src/table/worker-block.ts';

/** RFC 9209 §2.3, and RFC 9110 for the statuses that each may come with. */
const EXPECTED: Readonly<Record<FaultKind, readonly [status: number, error: string]>> = {
  'connect-refused': [502, 'connection_refused'],
  'connect-timeout': [504, 'connection_timeout'],
  'tls-failed': [502, 'tls_protocol_error'],
  unreachable: [502, 'destination_ip_unroutable'],
  'first-byte-timeout': [504, 'http_response_timeout'],
  reset: [502, 'connection_terminated'],
  'idle-timeout': [504, 'connection_read_timeout'],
  'bad-response': [502, 'http_protocol_error'],
  'stale-connection': [502, 'connection_terminated'],
  'no-resources': [503, 'proxy_internal_error'],
  outpaced: [504, 'http_response_timeout'],
  abandoned: [499, 'http_request_error'],
  'no-candidate': [503, 'destination_unavailable'],
  fenced: [451, 'http_request_denied'],
  'fenced-for-now': [503, 'http_request_denied'],
  'rate-limited': [429, 'http_request_error'],
  'concurrency-limited': [429, 'http_request_error'],
  'body-limited': [413, 'http_request_error'],
  'target-limited': [414, 'http_request_error'],
  'head-limited': [431, 'http_request_error'],
  'body-stalled': [408, 'http_request_error'],
  shed: [503, 'connection_limit_reached'],
  deadline: [504, 'http_response_timeout'],
  'no-service': [404, 'destination_not_found'],
  'bad-path': [400, 'http_request_error'],
  loop: [508, 'proxy_loop_detected'],
};

test.each(Object.entries(EXPECTED))('%s is answered as %j', (kind, [status, error]) => {
  expect(FAULT_STATUS[kind as FaultKind]).toBe(status);
  expect(PROXY_STATUS_ERROR[kind as FaultKind]).toBe(error);
  expect(status === 499 || STATUS_CODES[status] !== undefined).toBe(true);
});

test('every way in which an attempt can fail is a fault with both', () => {
  // A client that left unanswered is told nothing.
  const others: readonly string[] = ['success', 'error-status', 'unanswered', 'overloaded', 'agreed'];
  const failures: readonly string[] = OUTCOMES.filter((outcome) => !others.includes(outcome));
  expect(failures.filter((kind) => !(kind in EXPECTED))).toEqual([]);
  expect(Object.keys(FAULT_STATUS).toSorted()).toEqual(Object.keys(EXPECTED).toSorted());
  expect(Object.keys(PROXY_STATUS_ERROR).toSorted()).toEqual(Object.keys(EXPECTED).toSorted());
});

test.each([
  ['nothing', true, true, true],
  ['nothing', false, true, true],
  ['some', true, true, true],
  ['some', false, true, false],
  ['nothing', true, false, false],
  ['nothing', false, false, false],
  ['some', true, false, false],
  ['some', false, false, false],
] as const)('%s sent, idempotent %s, replayable %s: again %s', (sent, idempotent, bodyReplayable, again) => {
  expect(mayRetry(sent, { idempotent, bodyReplayable })).toBe(again);
});

test.each(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])('%s may be sent twice', (method) => {
  expect(isIdempotent(method)).toBe(true);
});

// Methods are case-sensitive (RFC 9110 §9.1): "get" is some other method.
test.each(['POST', 'PATCH', 'CONNECT', 'LOCK', 'FROBNICATE', 'get', ''])('"%s" may not', (method) => {
  expect(isIdempotent(method)).toBe(false);
});

test('a fault is told from what else a phase may return', () => {
  expect(isFault({ kind: 'reset', sent: 'some', cause: '' })).toBe(true);
  expect(isFault({ index: 0, endpoint: {} })).toBe(false);
});
