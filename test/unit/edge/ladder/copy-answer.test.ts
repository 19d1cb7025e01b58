import { expect, test } from 'vitest';
import { copyAnswer, NOT_CACHED } from '../../../../src/edge/ladder/copy-answer.ts';
import { copyWith, headersOf } from '../../degraded/copies.ts';

test('a copy answers with itself, or says that nothing has changed', () => {
  const copy = copyWith({ headers: ['ETag', '"1"', 'X-Other', 'y'] });
  expect(copyAnswer(copy, headersOf())).toEqual({
    head: { status: 200, reason: 'OK', headers: copy.headers },
    body: copy.body,
  });
  const same = copyAnswer(copy, headersOf({ 'if-none-match': '"1"' }));
  expect([same.head.status, same.head.headers, same.body.length]).toEqual([304, ['ETag', '"1"'], 0]);
});

test('an answer without a copy has the length that it says, and is not for keeping', () => {
  const { head, body } = NOT_CACHED;
  expect(head.headers).toEqual(expect.arrayContaining(['Content-Length', String(body.length), 'no-store']));
});
