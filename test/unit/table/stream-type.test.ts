import { expect, test } from 'vitest';
import { isStreamType } from '../../../src/table/stream-type.ts';

test.each([
  ['text/event-stream', true],
  ['Text/Event-Stream; charset=utf-8', true],
  ['application/grpc', true],
  ['application/grpc-web+proto', true],
  ['text/html', false],
  ['x-text/event-stream', false],
  ['', false],
])('%s is the type of a stream: %s', (type, is) => {
  expect(isStreamType(type)).toBe(is);
});
