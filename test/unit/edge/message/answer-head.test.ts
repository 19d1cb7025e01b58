import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listOf, ReadHead } from '../../../../src/edge/message/answer-head.ts';
import { parseResponse, ResponseHead } from '../../../../src/edge/message/response-head.ts';

test('a head has what goes to the client of what the endpoint said', () => {
  const head = new ResponseHead();
  const text = 'HTTP/1.1 200 Fine\r\nA: 1\r\nConnection: X\r\nX: 2\r\nb:\t two words \r\nContent-Length: 3\r\n\r\n';
  const bytes = Buffer.from(text, 'latin1');
  expect(parseResponse(bytes, 0, bytes.length, head)).toBe(bytes.length);
  const read = new ReadHead(head);
  expect(read).toMatchObject({ status: 200, reason: 'Fine', length: 3, dated: false });
  expect(read.headers).toEqual(['A', '1', 'b', 'two words', 'Content-Length', '3']);
});

test('no lines are no headers, and an empty value is one', () => {
  expect(listOf('')).toEqual([]);
  expect(listOf('A:\r\nB: \r\n')).toEqual(['A', '', 'B', '']);
});

test('what a list was written as is read as that list again', () => {
  const name = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,9}$/);
  const value = fc.stringMatching(/^(?:[!-~](?:[\t -~]{0,9}[!-~])?)?$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value)), (pairs) => {
      const lines = pairs.map(([key, said]) => `${key}: ${said}\r\n`).join('');
      expect(listOf(lines)).toEqual(pairs.flat());
    }),
  );
});
