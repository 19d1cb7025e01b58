import type { AccessAttempt, AccessRecord } from '../table/access-record.ts';
import { jsonNumber, jsonText } from './json-text.ts';

/** What a client can make long is cut: a line is a few hundred bytes, and a few thousand at most. */
export const PATH_CHARS_MAX = 2048;
export const HOST_CHARS_MAX = 255;
export const CAUSE_CHARS_MAX = 256;
export const AGENT_CHARS_MAX = 256;

/**
 * The fields of one line of the access log as JSON, without the braces. The query of the target is left out, since queries hold
 * tokens and names; `query` says that there was one. A field without a value is not written.
 *
 * Put together by hand, since it is written for every request: an object to be made into text would cost as much again.
 */
export function accessLine(record: AccessRecord): string {
  const { target, attempts, country, quality, chaos, traceId, userAgent, tls } = record;
  const queryAt = target.indexOf('?');
  const path = queryAt === -1 ? target : target.slice(0, queryAt);
  const last = attempts.at(-1);
  return (
    `"id":${jsonText(record.requestId)}` +
    (traceId === '' ? '' : `,"trace":"${traceId}"`) +
    `,"client":${jsonText(record.clientAddress)}` +
    (country === '' ? '' : `,"country":${jsonText(country)}`) +
    `,"service":${jsonText(record.service)},"method":${jsonText(record.method)}` +
    `,"host":${jsonText(cut(record.host, HOST_CHARS_MAX))},"path":${jsonText(cut(path, PATH_CHARS_MAX))}` +
    (queryAt === -1 ? '' : ',"query":true') +
    `,"priority":${jsonText(record.priority)},"status":${record.status},"how":"${record.how}"` +
    `,"ms":${jsonNumber(record.tookMs, 3)},"bytes_in":${record.bytesIn},"bytes_out":${record.bytesOut}` +
    `,"http":"${record.httpVersion}"` +
    (tls === '' ? '' : `,"tls":"${tls}"`) +
    (userAgent === undefined ? '' : `,"agent":${jsonText(cut(userAgent, AGENT_CHARS_MAX))}`) +
    (quality === undefined ? '' : `,"quality":"${quality}"`) +
    (chaos === undefined ? '' : `,"chaos":${jsonText(chaos)}`) +
    (last === undefined ? '' : decision(last)) +
    `,"attempts":[${attemptsText(attempts)}]`
  );
}

function decision({ endpoint, score, panic, runnerUp }: AccessAttempt): string {
  const decided = `,"endpoint":${jsonText(endpoint)},"score":${jsonNumber(score, 4)},"panic":${panic}`;
  if (runnerUp === undefined) return decided;
  return `${decided},"runner_up":${jsonText(runnerUp.endpoint)},"runner_up_score":${jsonNumber(runnerUp.score, 4)}`;
}

function attemptsText(attempts: readonly AccessAttempt[]): string {
  let text = '';
  for (const attempt of attempts) text += text === '' ? attemptText(attempt) : `,${attemptText(attempt)}`;
  return text;
}

function attemptText({ endpoint, outcome, status, firstByteMs, score, cause }: AccessAttempt): string {
  return (
    `{"endpoint":${jsonText(endpoint)}` +
    (outcome === undefined ? '' : `,"outcome":"${outcome}"`) +
    (status === 0 ? '' : `,"status":${status}`) +
    (firstByteMs === undefined ? '' : `,"ms":${jsonNumber(firstByteMs, 3)}`) +
    `,"score":${jsonNumber(score, 4)}` +
    (cause === undefined ? '}' : `,"cause":${jsonText(cut(cause, CAUSE_CHARS_MAX))}}`)
  );
}

/** The beginning of a text that is too long, marked as such. */
export function cut(text: string, charsMax: number): string {
  return text.length <= charsMax ? text : `${text.slice(0, charsMax)}…`;
}
