import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accessLine, CAUSE_CHARS_MAX, HOST_CHARS_MAX, PATH_CHARS_MAX } from '../../../src/observe/access-line.ts';
import type { AccessAttempt, AccessRecord } from '../../../src/table/access-record.ts';
import { RECORD } from './record.ts';

type Line = {
  readonly path?: string;
  readonly host?: string;
  readonly query?: boolean;
  readonly attempts?: readonly { readonly cause?: string }[];
};

const written = (more: Partial<AccessRecord>) => JSON.parse(`{${accessLine({ ...RECORD, ...more })}}`) as Line;

const REQUEST = {
  id: '01J',
  trace: '4bf92f3577b34da6a3ce929d0e0e4736',
  client: '203.0.113.9',
  country: 'DE',
  service: 'shop',
  method: 'GET',
  host: 'shop.example.com',
  path: '/cart',
  query: true,
  priority: 'latency',
  status: 200,
  how: 'complete',
  ms: 12.346,
  bytes_in: 5,
  bytes_out: 120,
  http: '1.1',
  tls: 'TLSv1.3',
  agent: 'curl/8',
};
const DECISION = {
  endpoint: 'shop/gcp/europe-west1/b:80',
  score: 0.7,
  panic: false,
  runner_up: 'shop/azure/japaneast/c:80',
  runner_up_score: 0.4,
  attempts: [
    { endpoint: 'shop/aws/us-east-1/a:80', outcome: 'connect-refused', score: 0.8765, cause: 'ECONNREFUSED' },
    { endpoint: 'shop/gcp/europe-west1/b:80', outcome: 'success', status: 200, ms: 11.2, score: 0.7 },
  ],
};

test('the fields are written in their order, without spaces', () => {
  expect(`{${accessLine({ ...RECORD, quality: 'none', chaos: 'a, b' })}}`).toBe(
    JSON.stringify({ ...REQUEST, quality: 'none', chaos: 'a, b', ...DECISION }),
  );
});

test('a request that took two attempts', () => {
  expect(written({})).toEqual({ ...REQUEST, ...DECISION });
});

test('a request that was never tried has no endpoint', () => {
  const line = written({ attempts: [], status: 503, country: '' });
  expect(line).toMatchObject({ status: 503, attempts: [] });
  for (const key of ['endpoint', 'score', 'panic', 'country']) expect(line).not.toHaveProperty(key);
});

test.each([
  ['/a?token=secret', '/a', true],
  ['/a?', '/a', true],
  ['/a?b?c', '/a', true],
  ['/a', '/a', undefined],
  ['*', '*', undefined],
])('no query of %s is written', (target, path, query) => {
  const line = written({ target });
  expect([line.path, line.query]).toEqual([path, query]);
  expect(JSON.stringify(line)).not.toContain('secret');
});

test('what a client can make long is cut', () => {
  const [attempt] = RECORD.attempts;
  const line = written({
    target: `/${'x'.repeat(10_000)}`,
    host: 'h'.repeat(10_000),
    attempts: [{ ...attempt!, cause: 'c'.repeat(10_000) }],
  });
  expect([line.path?.length, line.host?.length, line.attempts?.[0]?.cause?.length]).toEqual([
    PATH_CHARS_MAX + 1,
    HOST_CHARS_MAX + 1,
    CAUSE_CHARS_MAX + 1,
  ]);
  expect(written({ target: `/${'x'.repeat(PATH_CHARS_MAX - 1)}` }).path).toHaveLength(PATH_CHARS_MAX);
});

/** Few of each, so that many lines share what the one before had, and odd ones among them. */
const text = fc.constantFrom('', 'a', 'b"c', 'caf\u00e9', '\u{1f600}', 'half \ud83d', '\u2028');
const attempts = fc.array(
  fc.record<AccessAttempt>({
    endpoint: text,
    outcome: fc.constantFrom('success', 'reset', undefined),
    status: fc.constantFrom(0, 200, 503),
    firstByteMs: fc.constantFrom(undefined, 0, 11.25),
    score: fc.constantFrom(0, 0.87654, 1),
    runnerUp: fc.option(fc.record({ endpoint: text, score: fc.constantFrom(0.5, -1) }), { nil: undefined }),
    panic: fc.boolean(),
    cause: fc.constantFrom(undefined, 'ECONNRESET'),
  }),
  { maxLength: 3 },
);
const records = fc.array(
  fc.record<AccessRecord>({
    requestId: text,
    traceId: fc.constantFrom('', 'abc'),
    clientAddress: text,
    country: fc.constantFrom('', 'DE'),
    service: text,
    method: fc.constantFrom('GET', 'POST'),
    host: text,
    target: fc.constantFrom('/', '/?', '/a?b', '/a'),
    priority: text,
    status: fc.constantFrom(200, 503),
    how: fc.constantFrom('complete', 'broken'),
    tookMs: fc.constantFrom(0, 0.5, 1234.5678),
    bytesIn: fc.nat(),
    bytesOut: fc.nat(),
    httpVersion: fc.constantFrom('1.0', '1.1'),
    tls: fc.constantFrom('', 'TLSv1.3'),
    userAgent: fc.option(text, { nil: undefined }),
    quality: fc.constantFrom(undefined, 'full', 'none'),
    chaos: fc.constantFrom(undefined, 'slow, broken'),
    attempts,
  }),
);

test('whatever the lines before had, each is what JSON.stringify makes of its own record', () => {
  fc.assert(
    fc.property(records, (all) => {
      for (const record of all) expect(`{${accessLine(record)}}`).toBe(JSON.stringify(fieldsOf(record)));
    }),
  );
});

function fieldsOf(record: AccessRecord): object {
  const last = record.attempts.at(-1);
  const round = (value: number, places: number) => Math.round(value * 10 ** places) / 10 ** places;
  return {
    id: record.requestId,
    trace: record.traceId || undefined,
    client: record.clientAddress,
    country: record.country || undefined,
    service: record.service,
    method: record.method,
    host: record.host,
    path: record.target.split('?', 1)[0],
    query: record.target.includes('?') || undefined,
    priority: record.priority,
    status: record.status,
    how: record.how,
    ms: round(record.tookMs, 3),
    bytes_in: record.bytesIn,
    bytes_out: record.bytesOut,
    http: record.httpVersion,
    tls: record.tls || undefined,
    agent: record.userAgent,
    quality: record.quality,
    chaos: record.chaos,
    ...(last && { endpoint: last.endpoint, score: round(last.score, 4), panic: last.panic }),
    ...(last?.runnerUp && { runner_up: last.runnerUp.endpoint, runner_up_score: round(last.runnerUp.score, 4) }),
    attempts: record.attempts.map(({ endpoint, outcome, status, firstByteMs, score, cause }) => ({
      endpoint,
      outcome,
      status: status === 0 ? undefined : status,
      ms: firstByteMs === undefined ? undefined : round(firstByteMs, 3),
      score: round(score, 4),
      cause,
    })),
  };
}
