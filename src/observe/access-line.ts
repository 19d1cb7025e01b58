import type { AccessAttempt, AccessRecord } from '../table/access-record.ts';
import { AgainText } from './again-text.ts';
import { jsonNumber, jsonText } from './json-text.ts';

/** What a client can make long is cut: a line is a few hundred bytes, and a few thousand at most. */
export const PATH_CHARS_MAX = 2048;
export const HOST_CHARS_MAX = 255;
export const CAUSE_CHARS_MAX = 256;
export const AGENT_CHARS_MAX = 256;

/** Endpoints whose pieces are kept; with more, all are made anew. */
const ENDPOINTS_MAX = 1024;

/**
 * The fields of one line of the access log as JSON, without the braces. The query of the target is left out, since queries hold
 * tokens and names; `query` says that there was one. A field without a value is not written.
 *
 * Put together by hand, since it is written for every request: an object to be made into text would cost as much again. What is likely to
 * be the same in the next line is kept in one piece: each piece costs once when it is added, and again when the line is written.
 */
export function accessLine(record: AccessRecord): string {
  const { traceId, tookMs, bytesIn, bytesOut, quality, chaos, attempts } = record;
  const last = attempts.at(-1);
  return (
    `"id":${jsonText(record.requestId)}` +
    (traceId === '' ? '' : `,"trace":"${traceId}"`) +
    client(record) +
    asked(record) +
    ending(record) +
    `${jsonNumber(tookMs, 3)},"bytes_in":${bytesIn},"bytes_out":${bytesOut}` +
    spoken(record) +
    (quality === undefined ? '' : `,"quality":"${quality}"`) +
    (chaos === undefined ? '' : `,"chaos":${jsonText(chaos)}`) +
    (last === undefined ? ',"attempts":[]' : decided(last, attempts))
  );
}

const CLIENT = new AgainText();

function client({ clientAddress, country, service }: AccessRecord): string {
  if (CLIENT.isFor(clientAddress, country, service)) return CLIENT.text();
  return CLIENT.keep(
    `,"client":${jsonText(clientAddress)}` +
      (country === '' ? '' : `,"country":${jsonText(country)}`) +
      `,"service":${jsonText(service)}`,
  );
}

const ASKED = new AgainText();

function asked({ method, host, target, priority }: AccessRecord): string {
  if (ASKED.isFor(method, host, target, priority)) return ASKED.text();
  const queryAt = target.indexOf('?');
  const path = queryAt === -1 ? target : target.slice(0, queryAt);
  return ASKED.keep(
    `,"method":${jsonText(method)}` +
      `,"host":${jsonText(cut(host, HOST_CHARS_MAX))},"path":${jsonText(cut(path, PATH_CHARS_MAX))}` +
      (queryAt === -1 ? '' : ',"query":true') +
      `,"priority":${jsonText(priority)}`,
  );
}

const ENDING = new AgainText();

function ending({ status, how }: AccessRecord): string {
  if (ENDING.isFor(status, how)) return ENDING.text();
  return ENDING.keep(`,"status":${status},"how":"${how}","ms":`);
}

const SPOKEN = new AgainText();

function spoken({ httpVersion, tls, userAgent }: AccessRecord): string {
  if (SPOKEN.isFor(httpVersion, tls, userAgent)) return SPOKEN.text();
  return SPOKEN.keep(
    `,"http":"${httpVersion}"` +
      (tls === '' ? '' : `,"tls":"${tls}"`) +
      (userAgent === undefined ? '' : `,"agent":${jsonText(cut(userAgent, AGENT_CHARS_MAX))}`),
  );
}

/** The decision for the last attempt, and all of them. */
function decided(last: AccessAttempt, attempts: readonly AccessAttempt[]): string {
  const { panic, runnerUp } = last;
  const { chosen, tried } = piecesOf(last.endpoint);
  const score = jsonNumber(last.score, 4);
  let text = chosen + score + (panic ? ',"panic":true' : ',"panic":false');
  if (runnerUp !== undefined) text += piecesOf(runnerUp.endpoint).next + jsonNumber(runnerUp.score, 4);
  text += ',"attempts":[';
  for (const attempt of attempts) {
    if (attempt !== last)
      text += `${attemptText(attempt, piecesOf(attempt.endpoint).tried, jsonNumber(attempt.score, 4))},`;
  }
  return `${text + attemptText(last, tried, score)}]`;
}

const TRIED = new AgainText();

function attemptText({ outcome, status, firstByteMs, cause }: AccessAttempt, tried: string, score: string): string {
  let text = tried;
  if (TRIED.isFor(outcome, status)) text += TRIED.text();
  else {
    text += TRIED.keep(
      (outcome === undefined ? '' : `,"outcome":"${outcome}"`) + (status === 0 ? '' : `,"status":${status}`),
    );
  }
  if (firstByteMs !== undefined) text += `,"ms":${jsonNumber(firstByteMs, 3)}`;
  text += `,"score":${score}`;
  return cause === undefined ? `${text}}` : `${text},"cause":${jsonText(cut(cause, CAUSE_CHARS_MAX))}}`;
}

/** How an endpoint is said where it was chosen, would have been next, and was tried. */
type Pieces = { readonly chosen: string; readonly next: string; readonly tried: string };

const PIECES = new Map<string, Pieces>();

function piecesOf(endpoint: string): Pieces {
  const known = PIECES.get(endpoint);
  if (known !== undefined) return known;
  const id = jsonText(endpoint);
  const pieces = {
    chosen: `,"endpoint":${id},"score":`,
    next: `,"runner_up":${id},"runner_up_score":`,
    tried: `{"endpoint":${id}`,
  };
  if (PIECES.size >= ENDPOINTS_MAX) PIECES.clear();
  PIECES.set(endpoint, pieces);
  return pieces;
}

/** The beginning of a text that is too long, marked as such. */
export function cut(text: string, charsMax: number): string {
  return text.length <= charsMax ? text : `${text.slice(0, charsMax)}…`;
}
