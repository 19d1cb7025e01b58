import { CANCEL } from '../frames/error-code.ts';
import type { OutField } from '../frames/hpack/out-field.ts';
import { type OwnAnswer, TEXT } from '../message/answer.ts';
import { DEADLINE_EXCEEDED } from '../message/grpc-status.ts';
import { ownAnswerFields, pushDate, pushHeaders } from './answer-fields.ts';
import type { H2Session, H2Stream } from './stream-handler.ts';

/** Answers a request with one of this edge's own answers, which is all there is of it. */
export function sendOwn(session: H2Session, stream: H2Stream, answer: OwnAnswer, bodiless: boolean): void {
  const body = bytesOf(answer.body);
  const fields = ownAnswerFields(answer.status, answer.headers, answer.status === 204 ? undefined : body.length);
  const typed = fields.some(({ name }) => name === 'content-type');
  if (answer.type !== undefined || (body.length > 0 && !typed)) {
    pushHeaders(fields, ['content-type', answer.type ?? TEXT]);
  }
  pushDate(fields);
  const whole = bodiless || body.length === 0;
  session.headers(stream, fields, whole);
  if (whole || session.data(stream, body, 0, body.length) === undefined) return;
  session.end(stream);
}

/** Ends an answer whose request has no time left: a call of gRPC with the status that says so, any other with a reset, lest it look whole. */
export function cutOff(session: H2Session, stream: H2Stream, grpc: boolean): void {
  if (stream.closed || stream.localEnded) return;
  if (!grpc) return session.reset(stream, CANCEL);
  const fields: OutField[] = [];
  pushHeaders(fields, TIMED_OUT);
  session.end(stream, fields);
}

const TIMED_OUT = [
  'grpc-status',
  String(DEADLINE_EXCEEDED),
  'grpc-message',
  'no whole answer within the time of the call',
];

/** Many answers in a row say the same. Whoever sends them copies them. */
function bytesOf(body: string): Buffer {
  if (body !== last.body) last = { body, bytes: Buffer.from(body, 'latin1') };
  return last.bytes;
}

let last = { body: '', bytes: Buffer.alloc(0) };
