import { expect, test } from 'vitest';
import { Field, FieldName } from '../../../../../src/edge/frames/hpack/field.ts';
import { FieldList } from '../../../../../src/edge/frames/hpack/field-list.ts';
import { ResponseHead, UNTIL_CLOSE } from '../../../../../src/edge/message/response-head.ts';
import { readAnswerFields, trailerLines } from '../../../../../src/edge/upstream/multiplexed/answer-fields.ts';

function list(...fields: readonly (readonly [string, string])[]): FieldList {
  const made = new FieldList();
  made.begin(32_768, 65_536);
  for (const [name, value] of fields) made.add(new Field(new FieldName(name), value));
  return made;
}

function read(...fields: readonly (readonly [string, string])[]) {
  const head = new ResponseHead();
  const problem = readAnswerFields(list(...fields), head);
  return { problem, head };
}

test('a head becomes what a head of HTTP/1.1 would be', () => {
  const { problem, head } = read(
    [':status', '200'],
    ['content-type', 'text/plain'],
    ['content-length', '5'],
    ['date', 'now'],
    ['x-request-id', 'dropped'],
    ['set-cookie', 'a=1'],
    ['set-cookie', 'b=2'],
  );
  expect(problem).toBe('');
  expect(head).toMatchObject({ status: 200, reason: 'OK', length: 5, dated: true, keepAlive: true, upgrade: '' });
  expect(head.lines).toBe(
    'content-type: text/plain\r\ncontent-length: 5\r\ndate: now\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n',
  );
});

test('a length is said once, and not where there is no body', () => {
  expect(read([':status', '200'], ['content-length', '5'], ['content-length', '5']).head.lines).toBe(
    'content-length: 5\r\n',
  );
  expect(read([':status', '204'], ['content-length', '0']).head.lines).toBe('');
  expect(read([':status', '200']).head.length).toBe(UNTIL_CLOSE);
});

test.each([
  ['no status', [['content-type', 'x']]],
  ['no fields', []],
  ['a status that is none', [[':status', '20']]],
  ['a status with letters', [[':status', '2OO']]],
  [
    'a status twice',
    [
      [':status', '200'],
      [':status', '200'],
    ],
  ],
  [
    'another pseudo-header field',
    [
      [':status', '200'],
      [':path', '/'],
    ],
  ],
  [
    'a status behind a field',
    [
      ['a', 'b'],
      [':status', '200'],
    ],
  ],
  ['101', [[':status', '101']]],
  [
    'capitals',
    [
      [':status', '200'],
      ['Date', 'x'],
    ],
  ],
  [
    'Connection',
    [
      [':status', '200'],
      ['connection', 'close'],
    ],
  ],
  [
    'Transfer-Encoding',
    [
      [':status', '200'],
      ['transfer-encoding', 'chunked'],
    ],
  ],
  [
    'Keep-Alive',
    [
      [':status', '200'],
      ['keep-alive', 'timeout=5'],
    ],
  ],
  [
    'Upgrade',
    [
      [':status', '200'],
      ['upgrade', 'x'],
    ],
  ],
  [
    'a line feed',
    [
      [':status', '200'],
      ['a', 'b\nc: d'],
    ],
  ],
  [
    'a zero',
    [
      [':status', '200'],
      ['a', 'b\0'],
    ],
  ],
  [
    'white space before a value',
    [
      [':status', '200'],
      ['a', ' b'],
    ],
  ],
  [
    'a colon in a name',
    [
      [':status', '200'],
      ['a:b', 'c'],
    ],
  ],
  [
    'a length that is none',
    [
      [':status', '200'],
      ['content-length', '+5'],
    ],
  ],
  [
    'a length of 16 digits',
    [
      [':status', '200'],
      ['content-length', '1234567890123456'],
    ],
  ],
  [
    'two lengths',
    [
      [':status', '200'],
      ['content-length', '5'],
      ['content-length', '6'],
    ],
  ],
] as const)('%s is no answer', (_, fields) => {
  expect(read(...(fields as readonly (readonly [string, string])[])).problem).not.toBe('');
});

test('trailers go on, but for those that belong into a head', () => {
  expect(trailerLines(list(['grpc-status', '0'], ['content-length', '5'], ['x-sum', 'a']))).toBe(
    'grpc-status: 0\r\nx-sum: a\r\n',
  );
  expect(trailerLines(list([':status', '200']))).toBeUndefined();
  expect(trailerLines(list(['Bad', 'x']))).toBeUndefined();
  expect(trailerLines(list(['connection', 'close']))).toBeUndefined();
});
