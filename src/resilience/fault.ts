import type { Outcome } from '../table/worker-block.ts';

/**
 * A failure is a value: what happened, and how much of the request had gone out when it did. Who is to blame, what the
 * client gets and whether another attempt is allowed are all derived from these two.
 */
export type Fault = {
  readonly kind: FaultKind;
  /** Whether any byte of the request may have reached the origin. */
  readonly sent: 'nothing' | 'some';
  /** The library's own error code or message, for the log. */
  readonly cause: string;
  /** The endpoint did what it was asked to, and a limit of this edge's own was in the way: no evidence against it. */
  readonly blameless?: true;
  /** What the client is told beside the status: names and values of fields, one after the other. */
  readonly fields?: readonly string[];
};

export type FaultKind =
  | Exclude<Outcome, 'success' | 'error-status' | 'unanswered' | 'overloaded' | 'agreed'>
  | 'no-candidate'
  | 'fenced'
  | 'fenced-for-now'
  | LimitFaultKind
  | 'shed'
  | 'deadline'
  | 'no-service'
  | 'bad-path'
  | 'loop';

/** What of the limits of its service a request went beyond. */
export type LimitFaultKind =
  | 'rate-limited'
  | 'concurrency-limited'
  | 'body-limited'
  | 'body-stalled'
  | 'target-limited'
  | 'head-limited';

/** The status that a client gets for a fault that ended its request (RFC 9110 §15.6). */
export const FAULT_STATUS: Readonly<Record<FaultKind, number>> = {
  'connect-refused': 502,
  'connect-timeout': 504,
  'tls-failed': 502,
  unreachable: 502,
  'first-byte-timeout': 504,
  reset: 502,
  'idle-timeout': 504,
  'bad-response': 502,
  'stale-connection': 502,
  'no-resources': 503,
  outpaced: 504,
  abandoned: 499,
  'no-candidate': 503,
  fenced: 451,
  'fenced-for-now': 503,
  'rate-limited': 429,
  'concurrency-limited': 429,
  'body-limited': 413,
  'target-limited': 414,
  'head-limited': 431,
  'body-stalled': 408,
  shed: 503,
  deadline: 504,
  'no-service': 404,
  'bad-path': 400,
  loop: 508,
};

/** The error type of each fault in `Proxy-Status` (RFC 9209 §2.3). */
export const PROXY_STATUS_ERROR: Readonly<Record<FaultKind, string>> = {
  'connect-refused': 'connection_refused',
  'connect-timeout': 'connection_timeout',
  'tls-failed': 'tls_protocol_error',
  unreachable: 'destination_ip_unroutable',
  'first-byte-timeout': 'http_response_timeout',
  reset: 'connection_terminated',
  'idle-timeout': 'connection_read_timeout',
  'bad-response': 'http_protocol_error',
  'stale-connection': 'connection_terminated',
  'no-resources': 'proxy_internal_error',
  outpaced: 'http_response_timeout',
  abandoned: 'http_request_error',
  'no-candidate': 'destination_unavailable',
  fenced: 'http_request_denied',
  'fenced-for-now': 'http_request_denied',
  'rate-limited': 'http_request_error',
  'concurrency-limited': 'http_request_error',
  'body-limited': 'http_request_error',
  'target-limited': 'http_request_error',
  'head-limited': 'http_request_error',
  'body-stalled': 'http_request_error',
  shed: 'connection_limit_reached',
  deadline: 'http_response_timeout',
  'no-service': 'destination_not_found',
  'bad-path': 'http_request_error',
  loop: 'proxy_loop_detected',
};

/**
 * Whether a failed attempt says nothing about the endpoint: the client left, a connection was dead that had been used before, or this
 * machine had run out of descriptors, ports or memory. No breaker and no health assessment learns from it.
 */
export function isBlameless({ kind, blameless }: Fault): boolean {
  if (blameless === true) return true;
  return kind === 'abandoned' || kind === 'stale-connection' || kind === 'no-resources';
}

/** Whether a fence left nobody for the client: whatever else might answer must not be asked instead. */
export function isFenceFault({ kind }: Fault): boolean {
  return kind === 'fenced' || kind === 'fenced-for-now';
}

/** Methods that may be sent again (RFC 9110 §9.2.2). */
const IDEMPOTENT: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PUT',
  'DELETE',
  'PROPFIND',
  'SEARCH',
  'REPORT',
]);

/** Whether a request with this method may be sent again; names are compared as they are, in capitals. */
export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.has(method);
}

/**
 * Whether a request may be tried elsewhere after it failed: nothing of it was sent, or it may be sent twice. In both
 * cases its body must still be there whole. The number of attempts and the retry budget are the caller's to ask.
 */
export function mayRetry(sent: Fault['sent'], request: { idempotent: boolean; bodyReplayable: boolean }): boolean {
  return request.bodyReplayable && (sent === 'nothing' || request.idempotent);
}

/** Tells a fault from what might have come in its place, which must have no `kind`. */
export function isFault(value: object): value is Fault {
  return 'kind' in value;
}
