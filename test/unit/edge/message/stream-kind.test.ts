import { expect, test } from 'vitest';
import { ReadHead } from '../../../../src/edge/message/answer-head.ts';
import { isStream, saysStream } from '../../../../src/edge/message/stream-kind.ts';

test.each([
  ['text/event-stream', true],
  ['Text/Event-Stream; charset=utf-8', true],
  ['application/grpc', true],
  ['application/grpc+proto', true],
  ['application/grpc-web-text', true],
  ['text/plain', false],
  ['application/json; profile=text/event-stream', false],
  ['', false],
])('%s: %s', (type, stream) => {
  const lines = `date: now\r\nContent-Type: ${type}\r\nx: 1\r\n`;
  expect(saysStream(lines)).toBe(stream);
  expect(saysStream(`x-content-type: ${type}\r\n`)).toBe(false);
  const said = { status: 200, reason: 'OK', lines, length: -1, dated: true };
  expect(isStream(new ReadHead(said))).toBe(stream);
  expect(isStream({ ...said, headers: ['X', 'text/event-stream', 'content-TYPE', type] })).toBe(stream);
});

test('an answer without a type is none', () => {
  expect(isStream({ status: 200, reason: 'OK', headers: [] })).toBe(false);
  expect(saysStream('')).toBe(false);
});
