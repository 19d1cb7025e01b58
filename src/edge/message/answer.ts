import { type ServerResponse, STATUS_CODES } from 'node:http';
import { mayNamePlaces } from '../../config/redact.ts';
import { FAULT_STATUS, type Fault, PROXY_STATUS_ERROR } from '../../resilience/fault.ts';
import { grpcStatusOf } from './grpc-status.ts';

/** Clients are asked to come back after this many seconds, plus up to as many by chance, so that they do not all at once. */
export const RETRY_AFTER_S = 1;
export const RETRY_AFTER_SPREAD_S = 4;

/** An answer of this edge's own: a short line of text. */
export type OwnAnswer = {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string;
  /** Where it is no line of text. */
  readonly type?: string;
};

/** What the client is told of its own request, beside the fault. */
export type FaultContext = {
  readonly requestId: string;
  /** It is one of gRPC, whose clients look for a status of theirs. */
  readonly grpc?: boolean;
  /** The experiments that touched it. */
  readonly chaos?: string;
  /** What the service's rules add, names and values alternating. */
  readonly more?: readonly string[];
};

export type FaultAnswerContext = FaultContext & {
  readonly pseudonym: string;
  readonly draw: number;
  /** Where it is not the fault's own. */
  readonly status?: number | undefined;
};

/** The answer to a client for a fault: status, `Proxy-Status` (RFC 9209) and, on a 503, when to come back. */
export function faultAnswer(fault: Fault, context: FaultAnswerContext): OwnAnswer {
  const status = context.status ?? FAULT_STATUS[fault.kind];
  const headers = [
    'Proxy-Status',
    proxyStatus(fault, context.pseudonym),
    'X-Request-Id',
    context.requestId,
    'Cache-Control',
    'no-store',
  ];
  if (context.chaos !== undefined && context.chaos !== '') headers.push('Chaos', context.chaos);
  if (fault.fields !== undefined) headers.push(...fault.fields);
  if (context.more !== undefined) headers.push(...context.more);
  if (status === 503) headers.push('Retry-After', retryAfter(context.draw));
  if (context.grpc === true) return grpcAnswer(grpcStatusOf(fault.kind, status), EXPLANATIONS[fault.kind], headers);
  return { status, headers, body: `${status} ${STATUS_CODES[status] ?? 'Error'}: ${EXPLANATIONS[fault.kind]}\n` };
}

/** An answer without messages, which is all head (gRPC over HTTP/2, "Trailers-Only"). */
function grpcAnswer(status: number, message: string, headers: readonly string[]): OwnAnswer {
  const said = ['grpc-status', String(status), 'grpc-message', message];
  return { status: 200, headers: [...said, ...headers], body: '', type: 'application/grpc' };
}

/** The answer to a client whose request is not taken. */
export function refusalAnswer(status: number, problem: string): OwnAnswer {
  const headers = ['Cache-Control', 'no-store'];
  return { status, headers, body: `${status} ${STATUS_CODES[status] ?? 'Error'}: ${problem}\n` };
}

/** The answer to a client that is to ask for `location` instead. */
export function redirectAnswer(status: number, location: string, more: readonly string[]): OwnAnswer {
  return { status, headers: ['Location', location, ...more], body: `${status} ${STATUS_CODES[status]}\n` };
}

/** Writes an own answer and ends the response. `close` ends the connection after it. */
export function sendOwn(response: ServerResponse, answer: OwnAnswer, close: boolean): void {
  const body = Buffer.from(answer.body, 'latin1');
  response.writeHead(answer.status, [
    'Content-Type',
    answer.type ?? TEXT,
    'Content-Length',
    String(body.length),
    ...answer.headers,
    ...(close ? ['Connection', 'close'] : []),
  ]);
  response.end(body);
}

/** The same as bytes, for a connection that has no response object. It closes the connection. */
export function ownAnswerBytes(answer: OwnAnswer): string {
  const lines = [
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? 'Error'}`,
    `Content-Type: ${answer.type ?? TEXT}`,
    `Content-Length: ${Buffer.byteLength(answer.body, 'latin1')}`,
    'Connection: close',
  ];
  for (let i = 0; i < answer.headers.length; i += 2) lines.push(`${answer.headers[i]}: ${answer.headers[i + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n${answer.body}`;
}

/** The type of what is a line of text. */
export const TEXT = 'text/plain; charset=utf-8';

const EXPLANATIONS: Readonly<Record<Fault['kind'], string>> = {
  'connect-refused': 'no endpoint accepted a connection',
  'connect-timeout': 'no endpoint could be reached in time',
  'tls-failed': 'no endpoint could be reached securely',
  unreachable: 'no endpoint could be reached',
  'first-byte-timeout': 'no endpoint answered in time',
  reset: 'the endpoint closed the connection before it answered',
  'idle-timeout': 'the endpoint stopped in the middle of its answer',
  'bad-response': 'the endpoint did not answer in valid HTTP',
  'stale-connection': 'the endpoint closed the connection before it answered',
  'no-resources': 'this edge has run out of connections; please try again',
  outpaced: 'no endpoint answered in time',
  abandoned: 'the request was given up',
  'no-candidate': 'no endpoint may be sent to now; please try again',
  'bad-path': 'the path leads out of what the service is asked under',
  fenced: 'nobody who is allowed to serve you can do so',
  'fenced-for-now': 'nobody who is allowed to serve you can do so now; please try again',
  'rate-limited': 'too many requests; please come back later',
  'concurrency-limited': 'too many requests at once; please try again',
  'body-limited': 'the body of this request is larger than is taken here',
  shed: 'not all requests can be served now; please try again',
  deadline: 'no endpoint answered within the time of the request',
  'target-limited': 'the target of this request is longer than is taken here',
  'head-limited': 'the head of this request is larger than is taken here',
  'body-stalled': 'the body of this request did not come in time',
  'no-service': 'no service is configured for this host and path',
  loop: 'this request has been here before; if two edges share an edge.id, give each its own',
};

/** The last one is kept: when many requests are turned away, it is for the same reason. */
function proxyStatus(fault: Fault, pseudonym: string): string {
  const { kind, cause } = fault;
  if (last.kind !== kind || last.cause !== cause || last.pseudonym !== pseudonym) {
    const text = `${pseudonym}; error=${PROXY_STATUS_ERROR[kind]}; details="${quotable(tellable(fault))}"`;
    last = { kind, cause, pseudonym, text };
  }
  return last.text;
}

let last: { kind?: Fault['kind']; cause: string; pseudonym: string; text: string } = {
  cause: '',
  pseudonym: '',
  text: '',
};

function retryAfter(draw: number): string {
  return String(RETRY_AFTER_S + Math.floor(draw * RETRY_AFTER_SPREAD_S));
}

/**
 * The cause, unless it may say where something is: an address, a host, a path or a URL. A library's message may do so, while the
 * codes of systems and libraries and our own words do not; the log has it in any case.
 */
function tellable({ kind, cause }: Fault): string {
  if (kind === 'no-service' || kind === 'loop') return cause;
  return mayNamePlaces(cause) ? EXPLANATIONS[kind] : cause;
}

/** A string as RFC 9651 quotes it: printable ASCII only. */
function quotable(text: string): string {
  return text.slice(0, 120).replaceAll(/[^\x20-\x7e]|["\\]/g, ' ');
}
