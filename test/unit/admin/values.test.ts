import { expect, test } from 'vitest';
import { valuesReply } from '../../../src/admin/values.ts';
import { portsWith } from './ports-double.ts';

const ask = async (
  method: 'GET' | 'PUT' | 'DELETE',
  asked: { key?: string; query?: Record<string, string>; body?: string; ifMatch?: string; ifNoneMatch?: string },
  values: Partial<ReturnType<typeof portsWith>['values']> = {},
) => {
  const ports = portsWith();
  const reply = await valuesReply(
    method,
    { query: {}, body: '', ...asked },
    { ...ports, values: { ...ports.values, ...values } },
  );
  return { ...reply, said: JSON.parse(reply.body) as Record<string, unknown> };
};

test('a PUT is an order; its version is in ETag', async () => {
  const { status, said, headers } = await ask('PUT', {
    key: 'flags/x',
    body: '{"a": 1}',
    query: { actor: 'ana', consistency: 'strong' },
    ifMatch: '"7-x"',
  });
  expect([status, headers]).toEqual([200, { etag: '"2"' }]);
  expect(said['ask']).toEqual({
    key: 'flags/x',
    value: { a: 1 },
    actor: 'ana',
    consistency: 'strong',
    ifMatch: '"7-x"',
    ifAbsent: false,
  });
  const other = await ask('DELETE', { key: 'flags/x' });
  expect(other.said['ask']).toEqual({ key: 'flags/x', actor: 'api', ifAbsent: false });
  expect((await ask('PUT', { key: 'x', body: 'false', ifNoneMatch: '*' })).said['ask']).toMatchObject({
    value: false,
    ifAbsent: true,
  });
});

test('what is stored nowhere yet is 202', async () => {
  const write = async () => ({ etag: '"1"', stored: 'here', trouble: 'x' });
  expect((await ask('PUT', { key: 'x', body: '1' }, { write })).status).toBe(202);
});

test('a refusal says what the key is now, and when to come again', async () => {
  const write = async () => ({ error: 'no', status: 429, fix: 'wait', now: { value: 1 }, retryMs: 1200 });
  const { status, said, headers } = await ask('PUT', { key: 'x', body: '1' }, { write });
  expect([status, said, headers]).toEqual([
    429,
    { error: 'no', fix: 'wait', now: { value: 1 } },
    { 'retry-after': '2' },
  ]);
});

test.each([
  ['PUT', { key: 'x', body: 'nope' }, /no JSON value/],
  ['PUT', { key: 'x', body: '' }, /no JSON value/],
  ['PUT', { key: 'x', body: 'null' }, /no JSON value/],
  ['PUT', { key: 'x', body: '1', query: { actor: ' ' } }, /actor is no name/],
  ['PUT', { key: 'x', body: '1', query: { actor: 'a\nb' } }, /actor is no name/],
  ['PUT', { key: 'x', body: '1', query: { why: 'x' } }, /unknown parameter "why"/],
  ['PUT', { key: 'x', body: '1', query: { consistency: 'some' } }, /"some" is no consistency/],
  ['PUT', { key: 'x', body: '1', ifMatch: 'abc' }, /If-Match: abc is no version/],
  ['PUT', { key: 'x', body: '1', ifMatch: '"a", "b"' }, /is no version/],
  ['PUT', { key: 'x', body: '1', ifNoneMatch: '"a"' }, /is not understood/],
  ['PUT', { key: 'x', body: '1', ifNoneMatch: '*', ifMatch: '*' }, /is not understood/],
  ['DELETE', { key: 'x', body: '1' }, /a DELETE has no body/],
  ['GET', { query: { wait: '20s' } }, /goes with after/],
  ['GET', { query: { wait: '26s', after: 'c' } }, /no time to wait/],
  ['GET', { query: { prefixes: 'x' } }, /unknown parameter "prefixes"/],
] as const)('%s %j is a bad request', async (method, asked, problem) => {
  const { status, said } = await ask(method, asked);
  expect(status).toBe(400);
  expect(`${String(said['error'])} ${String(said['fix'])}`).toMatch(problem);
});

test('a list is asked for by prefix, and a watch by cursor', async () => {
  expect((await ask('GET', { query: { prefix: 'flags/' } })).said['ask']).toEqual({ prefix: 'flags/', waitMs: 0 });
  const watch = await ask('GET', { query: { after: 'x.1', wait: '20s' } });
  expect(watch.said['ask']).toEqual({ prefix: '', cursor: 'x.1', waitMs: 20_000 });
});
