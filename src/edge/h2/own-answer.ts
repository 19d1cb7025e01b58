import { type OutField } from '../frames/hpack/out-field.ts';
import type { OwnAnswer } from '../message/answer.ts';
import { dateLine } from '../message/lines.ts';
import { answerFields, pushHeaders, pushLines } from './answer-fields.ts';
import type { H2Session, H2Stream } from './stream-owner.ts';

/** Answers a request with one of this edge's own answers, which is all there is of it. */
export function sendOwn(session: H2Session, stream: H2Stream, answer: OwnAnswer, bodiless: boolean): void {
  const body = Buffer.from(answer.body, 'latin1');
  const fields: OutField[] = answerFields(
    answer.status,
    answer.status === 204 ? '' : `content-length: ${body.length}\r\n`,
  );
  pushHeaders(fields, answer.headers);
  const typed = body.length === 0 || fields.some(({ name }) => name === 'content-type');
  if (!typed) pushLines(fields, 'content-type: text/plain; charset=utf-8\r\n');
  pushLines(fields, dateLine());
  const whole = bodiless || body.length === 0;
  session.headers(stream, fields, whole);
  if (whole || session.data(stream, body, 0, body.length) === undefined) return;
  session.end(stream);
}
