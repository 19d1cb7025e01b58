import { expect, test } from 'vitest';
import { json, refuse, text } from '../../../src/admin/reply.ts';

test('JSON is laid out for people, and ends its line', () => {
  const reply = json(200, { a: Number.NaN });
  expect(reply).toEqual({ status: 200, contentType: 'application/json; charset=utf-8', body: '{\n  "a": null\n}\n' });
});

test('text is as it is', () => {
  expect(text(503, 'no')).toEqual({ status: 503, contentType: 'text/plain; charset=utf-8', body: 'no' });
});

test('a refusal says what is wrong and what would be right', () => {
  const reply = refuse(405, 'no', 'do', { allow: 'GET' });
  expect(JSON.parse(reply.body)).toEqual({ error: 'no', fix: 'do' });
  expect([reply.status, reply.headers]).toEqual([405, { allow: 'GET' }]);
});
