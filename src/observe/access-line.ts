import type { AccessAttempt, AccessRecord } from '../table/access-record.ts';

/** What a client can make long is cut: a line is a few hundred bytes, and a few thousand at most. */
export const PATH_CHARS_MAX = 2048;
export const HOST_CHARS_MAX = 255;
export const CAUSE_CHARS_MAX = 256;

/**
 * The fields of one line of the access log. The query of the target is left out, since queries hold tokens and names;
 * `query` says that there was one. A field without a value is not written.
 */
export function accessFields(record: AccessRecord): AccessFields {
  const { target, attempts } = record;
  const queryAt = target.indexOf('?');
  const last = attempts.at(-1);
  return {
    id: record.requestId,
    client: record.clientAddress,
    country: record.country === '' ? undefined : record.country,
    service: record.service,
    method: record.method,
    host: cut(record.host, HOST_CHARS_MAX),
    path: cut(queryAt === -1 ? target : target.slice(0, queryAt), PATH_CHARS_MAX),
    query: queryAt === -1 ? undefined : true,
    priority: record.priority,
    status: record.status,
    how: record.how,
    ms: rounded(record.tookMs, 1e3),
    quality: record.quality,
    chaos: record.chaos,
    endpoint: last?.endpoint,
    score: last === undefined ? undefined : rounded(last.score, 1e4),
    panic: last?.panic,
    attempts: attempts.map(attemptFields),
  };
}

function attemptFields({ endpoint, outcome, status, firstByteMs, score, cause }: AccessAttempt): AttemptFields {
  return {
    endpoint,
    outcome,
    status: status === 0 ? undefined : status,
    ms: firstByteMs === undefined ? undefined : rounded(firstByteMs, 1e3),
    score: rounded(score, 1e4),
    cause: cause === undefined ? undefined : cut(cause, CAUSE_CHARS_MAX),
  };
}

export type AccessFields = {
  readonly id: string;
  readonly client: string;
  readonly country: string | undefined;
  readonly service: string;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: true | undefined;
  readonly priority: string;
  readonly status: number;
  readonly how: AccessRecord['how'];
  readonly ms: number;
  readonly quality: AccessRecord['quality'];
  readonly chaos: string | undefined;
  readonly endpoint: string | undefined;
  readonly score: number | undefined;
  readonly panic: boolean | undefined;
  readonly attempts: readonly AttemptFields[];
};

type AttemptFields = {
  readonly endpoint: string;
  readonly outcome: string | undefined;
  readonly status: number | undefined;
  readonly ms: number | undefined;
  readonly score: number;
  readonly cause: string | undefined;
};

function cut(text: string, charsMax: number): string {
  return text.length <= charsMax ? text : `${text.slice(0, charsMax)}…`;
}

function rounded(value: number, per: number): number {
  return Math.round(value * per) / per;
}
