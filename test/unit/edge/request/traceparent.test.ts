import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { ListedFields } from '../../../../src/edge/message/request-head.ts';
import { traceIdOf, traceparentOf } from '../../../../src/edge/request/traceparent.ts';

const ID = '0190a1b2-c3d4-4e5f-8a9b-0c1d2e3f4a5b';
const MADE = '00-0190a1b2c3d44e5f8a9b0c1d2e3f4a5b-0190a1b22e3f4a5b-01';
const GOOD = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const of = (...values: readonly string[]) =>
  traceparentOf(
    new ListedFields(values.flatMap((value) => ['Traceparent', value])),
    { requestId: ID, trustedPeer: true },
    () => ID,
  );

test.each([
  [GOOD],
  [GOOD.replace(/01$/, '00')],
  [GOOD.replace(/^00/, 'cc')],
  [`${GOOD.replace(/^00/, 'cc')}-what-comes`],
])('%s is passed on as it came', (given) => {
  expect(of(given)).toBe(given);
  expect(traceIdOf(given)).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
});

test.each([
  [''],
  [GOOD.toUpperCase()],
  [GOOD.replace(/^00/, 'ff')],
  [GOOD.replace(/4bf9\w+/, '0'.repeat(32))],
  [GOOD.replace(/00f0\w+/, '0'.repeat(16))],
  [`${GOOD}-more`],
  [`${GOOD.replace(/^00/, 'cc')}.more`],
  [`${GOOD.replace(/^00/, 'cc')}-${'x'.repeat(300)}`],
  [GOOD.slice(0, -1)],
])('%s is none, and another one is made', (given) => {
  expect(of(given)).toBe(MADE);
});

test('without one, or with several, a new one is made of the id of the request', () => {
  expect(of()).toBe(MADE);
  expect(of(GOOD, GOOD)).toBe(MADE);
});

test('an id that a proxy gave, and that is no UUID, is no trace', () => {
  const made = traceparentOf(new ListedFields([]), { requestId: 'req-1', trustedPeer: true }, randomUUID);
  expect(made).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  expect(traceparentOf(new ListedFields([]), { requestId: 'req-1', trustedPeer: true }, randomUUID)).not.toBe(made);
});
