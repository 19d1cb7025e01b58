import { CANCEL } from '../frames/error-code.ts';
import type { OutField } from '../frames/hpack/out-field.ts';
import { type OwnAnswer, TEXT } from '../message/answer.ts';
import { DEADLINE_EXCEEDED } from '../message/grpc-status.ts';
import { dateLine } from '../message/lines.ts';
import { answerFields, pushHeaders, pushLines } from './answer-fields.ts';
import type { H2Session, H2Stream } from './stream-handler.ts';

/** Answers a request with one of this edge's own answers, which is all there is of it. */
export function sendOwn(session: H2Session, stream: H2Stream, answer: OwnAnswer, bodiless: boolean): void {
  const body = Buffer.from(answer.body, 'latin1');
  const fields: OutField[] = answerFields(
    answer.status,
    answer.status === 204 ? '' : `content-length: ${body.length}\r\n`,
  );
  pushHeaders(fields, answer.headers);
  const typed = fields.some(({ name }) => name === 'content-type');
  if (answer.type !== undefined || (body.length > 0 && !typed)) {
    pushLines(fields, `content-type: ${answer.type ?? TEXT}\r\n`);
  }
  pushLines(fields, dateLine());
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
  pushLines(
    fields,
    `grpc-status: ${DEADLINE_EXCEEDED}\r\ngrpc-message: no whole answer within the time of the call\r\n`,
  );
  session.end(stream, fields);
}
