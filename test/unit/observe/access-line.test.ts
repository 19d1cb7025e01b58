import { expect, test } from 'vitest';
import { accessLine, CAUSE_CHARS_MAX, HOST_CHARS_MAX, PATH_CHARS_MAX } from '../../../src/observe/access-line.ts';
import type { AccessRecord } from '../../../src/table/access-record.ts';
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
