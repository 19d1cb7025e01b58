import { expect, test } from 'vitest';
import { isForThisEdge } from '../../../../src/edge/message/last-hop.ts';
import type { RequestHead } from '../../../../src/edge/message/request-head.ts';

test.each([
  ['OPTIONS', '*', undefined, true],
  ['OPTIONS', '/', '0', true],
  ['TRACE', '/', '000', true],
  ['TRACE', '/', '1', false],
  ['OPTIONS', '/', undefined, false],
  ['OPTIONS', '/', 'none', false],
  ['OPTIONS', '/', '', false],
  ['GET', '/', '0', false],
])('%s %s with Max-Forwards: %s is answered here: %s', (method, target, forwards, expected) => {
  const headers = forwards === undefined ? [] : ['max-Forwards', forwards];
  expect(isForThisEdge({ method, target, headers } as unknown as RequestHead)).toBe(expected);
});
