import { expect, test } from 'vitest';
import { RequestBody } from '../../../../../src/edge/wire/grammar/request-body.ts';
import { CHUNKED } from '../../../../../src/edge/wire/grammar/request-head.ts';

const take = (body: RequestBody, text: string) => {
  const bytes = Buffer.from(text, 'latin1');
  const { piece, end } = body.take(bytes, 0, bytes.length);
  return [piece.toString('latin1'), end] as const;
};

test('a body of a known length ends there, and what follows is not its', () => {
  const body = new RequestBody();
  body.begin(5, 100);
  expect(body.ended).toBe(false);
  expect(take(body, 'ab')).toEqual(['ab', 2]);
  expect(take(body, 'cdeGET')).toEqual(['cde', 3]);
  expect([body.ended, body.broken]).toEqual([true, false]);
});

test('one in chunks goes on without extensions, and with the trailers that may go on', () => {
  const body = new RequestBody();
  body.begin(CHUNKED, 100);
  expect(take(body, '1;x\r\na\r\n0\r\nX: 1\r\nTE: x\r\n\r\nGET')).toEqual(['1\r\na\r\n0\r\nX: 1\r\n\r\n', 26]);
  expect(body.ended).toBe(true);
  body.begin(CHUNKED, 100);
  expect(take(body, 'nonsense')[1]).toBeGreaterThanOrEqual(0);
  expect(body.broken).toBe(true);
});

test('no body has ended before it begins', () => {
  const body = new RequestBody();
  body.begin(0, 100);
  expect([body.ended, body.replayable]).toEqual([true, true]);
});

test('what was sent is kept up to the limit, what was not is kept in any case', () => {
  const body = new RequestBody();
  body.begin(100, 4);
  body.keep(Buffer.from('abcdef'), false);
  expect([body.replayable, body.keptBytes]).toEqual([true, 6]);
  body.letGo();
  expect([body.replayable, body.keptBytes]).toEqual([false, 0]);
  body.keep(Buffer.from('x'), true);
  expect(body.keptBytes).toBe(0);
  body.begin(3, 4);
  body.keep(Buffer.from('abc'), true);
  expect([body.replayable, Buffer.concat(body.kept).toString()]).toEqual([true, 'abc']);
});

test('a small one that is here whole is text, and is let go of when it is over the limit', () => {
  const body = new RequestBody();
  const bytes = Buffer.from('headbodyGET', 'latin1');
  body.begin(4, 4);
  expect(body.takeWhole(bytes, 4, bytes.length)).toBe(8);
  expect([body.ended, body.text]).toEqual([true, 'body']);
  body.letGo();
  expect([body.replayable, body.text]).toEqual([true, 'body']);
  body.begin(4, 3);
  expect([body.ended, body.text]).toEqual([false, '']);
  body.takeWhole(bytes, 4, bytes.length);
  body.letGo();
  expect([body.replayable, body.text]).toEqual([false, '']);
});

test('one that is not all here, or in chunks, or large, is taken piece by piece', () => {
  const body = new RequestBody();
  body.begin(5, 100);
  expect(body.takeWhole(Buffer.from('abcd'), 0, 4)).toBe(-1);
  expect(take(body, 'abcd')).toEqual(['abcd', 4]);
  body.begin(CHUNKED, 100);
  expect(body.takeWhole(Buffer.from('0\r\n\r\n'), 0, 5)).toBe(-1);
  body.begin(100_000, 100);
  expect(body.takeWhole(Buffer.alloc(100_000), 0, 100_000)).toBe(-1);
  expect(body.ended).toBe(false);
});
