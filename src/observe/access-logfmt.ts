import type { AccessAttempt, AccessRecord } from '../table/access-record.ts';
import { AGENT_CHARS_MAX, CAUSE_CHARS_MAX, cut, HOST_CHARS_MAX, PATH_CHARS_MAX } from './access-line.ts';
import { jsonNumber } from './json-text.ts';
import { logfmtText } from './logfmt.ts';

/**
 * The fields of one line of the access log as logfmt: those of `accessLine`, in the same order and under the same conditions. Attempts are
 * numbered from 0: `attempts.0.endpoint=… attempts.0.outcome=…`. Put together by hand for the same reason.
 */
export function accessLogfmt(record: AccessRecord): string {
  const { target, attempts, country, quality, chaos, traceId, userAgent, tls } = record;
  const queryAt = target.indexOf('?');
  const path = queryAt === -1 ? target : target.slice(0, queryAt);
  const last = attempts.at(-1);
  return (
    `id=${logfmtText(record.requestId)}` +
    (traceId === '' ? '' : ` trace=${traceId}`) +
    ` client=${logfmtText(record.clientAddress)}` +
    (country === '' ? '' : ` country=${logfmtText(country)}`) +
    ` service=${logfmtText(record.service)} method=${logfmtText(record.method)}` +
    ` host=${logfmtText(cut(record.host, HOST_CHARS_MAX))} path=${logfmtText(cut(path, PATH_CHARS_MAX))}` +
    (queryAt === -1 ? '' : ' query=true') +
    ` priority=${logfmtText(record.priority)} status=${record.status} how=${record.how}` +
    ` ms=${jsonNumber(record.tookMs, 3)} bytes_in=${record.bytesIn} bytes_out=${record.bytesOut}` +
    ` http=${record.httpVersion}` +
    (tls === '' ? '' : ` tls=${tls}`) +
    (userAgent === undefined ? '' : ` agent=${logfmtText(cut(userAgent, AGENT_CHARS_MAX))}`) +
    (quality === undefined ? '' : ` quality=${quality}`) +
    (chaos === undefined ? '' : ` chaos=${logfmtText(chaos)}`) +
    (last === undefined ? '' : decision(last)) +
    attempts.map(attemptText).join('')
  );
}

function decision({ endpoint, score, panic, runnerUp }: AccessAttempt): string {
  const decided = ` endpoint=${logfmtText(endpoint)} score=${jsonNumber(score, 4)} panic=${panic}`;
  if (runnerUp === undefined) return decided;
  return `${decided} runner_up=${logfmtText(runnerUp.endpoint)} runner_up_score=${jsonNumber(runnerUp.score, 4)}`;
}

function attemptText({ endpoint, outcome, status, firstByteMs, score, cause }: AccessAttempt, i: number): string {
  const key = ` attempts.${i}.`;
  return (
    `${key}endpoint=${logfmtText(endpoint)}` +
    (outcome === undefined ? '' : `${key}outcome=${outcome}`) +
    (status === 0 ? '' : `${key}status=${status}`) +
    (firstByteMs === undefined ? '' : `${key}ms=${jsonNumber(firstByteMs, 3)}`) +
    `${key}score=${jsonNumber(score, 4)}` +
    (cause === undefined ? '' : `${key}cause=${logfmtText(cut(cause, CAUSE_CHARS_MAX))}`)
  );
}
