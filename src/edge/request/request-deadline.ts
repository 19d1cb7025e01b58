import type { TimeoutPolicy } from '../../config/topology-timeouts.ts';
import type { Fault } from '../../resilience/fault.ts';
import { withoutFields } from '../message/field-rules.ts';
import { isGrpc } from '../message/grpc-status.ts';
import { grpcTimeoutMs, grpcTimeoutText } from '../message/grpc-timeout.ts';
import type { RequestHead } from '../message/request-head.ts';

/** The time of a request has passed before it had its whole answer. */
export const DEADLINE_PASSED: Fault = { kind: 'deadline', sent: 'some', cause: 'no whole answer within its time' };

type Timed = Pick<TimeoutPolicy, 'requestMs' | 'requestHeader' | 'requestHeaderFrom'>;

/**
 * How long a request may take, in ms, from its head to the end of its answer; infinite without a limit. The service says so. A client of gRPC may
 * ask for less, and so may whoever the file believes in its `request_header`; for more, nobody.
 */
export function requestMs(head: RequestHead, timeouts: Timed, trustedPeer: boolean): number {
  let ms = timeouts.requestMs;
  if (timeouts.requestHeader !== undefined && believes(timeouts, trustedPeer)) {
    const said = head.fields.first(timeouts.requestHeader);
    if (said !== undefined && /^\d{1,9}$/.test(said)) ms = Math.min(ms, Number(said));
  }
  if (head.version === '2.0' && head.method === 'POST') {
    const said = head.fields.first('grpc-timeout');
    if (said !== undefined) ms = Math.min(ms, grpcTimeoutMs(said) ?? ms);
  }
  return ms;
}

/** Whether it is the client that gives its request less than the service does. */
export function isClientsOwn({ startMs, untilMs, view }: WithDeadline & { readonly startMs: number }): boolean {
  return untilMs - startMs < view.service.timeouts.requestMs;
}

function believes({ requestHeaderFrom }: Timed, trustedPeer: boolean): boolean {
  return requestHeaderFrom === 'always' || (requestHeaderFrom === 'trusted' && trustedPeer);
}

/** A request, and when its time is up. */
export type WithDeadline = {
  readonly head: RequestHead;
  /** On the clock of the table; infinite without one. */
  readonly untilMs: number;
  readonly view: { readonly service: { readonly timeouts: Timed } };
};

/**
 * The head of a request to an endpoint, with what is left of its time: in the field that the file names, and in `grpc-timeout` where it is one of
 * gRPC. What the client has said there goes no further.
 */
export function withTimeLeft(text: string, exchange: WithDeadline, clock: { readonly nowMs: number }): string {
  const { requestHeader } = exchange.view.service.timeouts;
  const { untilMs } = exchange;
  if (untilMs === Number.POSITIVE_INFINITY && requestHeader === undefined) return text;
  return withFields(text, exchange, untilMs - clock.nowMs);
}

function withFields(text: string, { head, view }: WithDeadline, leftMs: number): string {
  const { requestHeader } = view.service.timeouts;
  const grpc = leftMs < Number.POSITIVE_INFINITY && isGrpcRequest(head);
  const gone = new Set<string>();
  let lines = '';
  if (requestHeader !== undefined) {
    gone.add(requestHeader);
    if (leftMs < Number.POSITIVE_INFINITY) lines += `${requestHeader}: ${Math.max(1, Math.floor(leftMs))}\r\n`;
  }
  if (grpc) {
    gone.add('grpc-timeout');
    lines += `grpc-timeout: ${grpcTimeoutText(Math.max(1, leftMs))}\r\n`;
  }
  if (gone.size === 0) return text;
  const fields = text.indexOf('\r\n') + 2;
  return `${text.slice(0, fields)}${withoutFields(text.slice(fields, -2), gone)}${lines}\r\n`;
}

/** Whether a request is one of gRPC. */
export function isGrpcRequest({ fields }: RequestHead): boolean {
  return isGrpc(fields.first('content-type') ?? '');
}
