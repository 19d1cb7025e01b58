import type { LimitPolicy } from '../../config/topology-limits.ts';
import type { Fault } from '../../resilience/fault.ts';
import type { ServiceCount } from '../../table/service-cells.ts';
import { headerOf, type RequestHead } from '../message/request-head.ts';
import { refusal } from './refusal.ts';

/** A request went beyond a limit: what its client gets, and as what it is counted. */
export type Over = { readonly fault: Fault; readonly count: ServiceCount };

type HeadPolicy = Pick<LimitPolicy, 'targetBytesMax' | 'headBytesMax' | 'fieldsMax'>;

/** What of a request's head is more than its service takes; undefined: nothing. Fields are looked at only where a limit is on them. */
export function headOver(head: RequestHead, policy: HeadPolicy): Over | undefined {
  const { targetBytesMax, headBytesMax, fieldsMax } = policy;
  if (targetBytesMax !== undefined && head.target.length > targetBytesMax) {
    const fault = refusal('target-limited', `the target is longer than ${targetBytesMax} bytes`);
    return { fault, count: 'limited-target' };
  }
  if (headBytesMax === undefined && fieldsMax === undefined) return undefined;
  if (fieldsMax !== undefined && fieldsOf(head) > fieldsMax) {
    return { fault: refusal('head-limited', `the head has more than ${fieldsMax} fields`), count: 'limited-fields' };
  }
  if (headBytesMax === undefined || headBytes(head) <= headBytesMax) return undefined;
  return { fault: refusal('head-limited', `the head is larger than ${headBytesMax} bytes`), count: 'limited-head' };
}

/** As HTTP/1.1 writes it, whatever it came by. */
export function headBytes(head: RequestHead): number {
  const { method, target, host, headers } = head;
  let bytes = method.length + target.length + LINE_BYTES + END_BYTES;
  if (namesHostElsewhere(head)) bytes += HOST.length + host.length + FIELD_BYTES;
  for (let i = 0; i < headers.length; i += 2) {
    bytes += (headers[i] as string).length + (headers[i + 1] as string).length + FIELD_BYTES;
  }
  return bytes;
}

function fieldsOf(head: RequestHead): number {
  return head.headers.length / 2 + (namesHostElsewhere(head) ? 1 : 0);
}

/** What is a `Host` in HTTP/1.1 is in HTTP/2 no field, unless the client says it twice. */
function namesHostElsewhere({ version, headers }: RequestHead): boolean {
  return version === '2.0' && headerOf(headers, HOST) === undefined;
}

const HOST = 'host';
/** ` `, ` HTTP/1.1` and the end of the line; `: ` and the end of a line; the empty line. */
const LINE_BYTES = 12;
const FIELD_BYTES = 4;
const END_BYTES = 2;
