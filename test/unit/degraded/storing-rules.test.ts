import { expect, test } from 'vitest';
import { COPY_HEAD_BYTES_MAX, type Labels, mayKeep } from '../../../src/degraded/storing-rules.ts';
import { POLICY } from './copies.ts';

const LABELLED: Labels = {
  status: 200,
  explicit: true,
  shared: false,
  mustRevalidate: false,
  noCache: false,
  stream: false,
  contentLength: 0,
  headChars: 0,
};
const PLAIN = { authorization: false, credentials: false, selective: false, overriding: false };
const keeps = (labels: Partial<Labels>, asked: Partial<typeof PLAIN> = {}, freshMs?: number) =>
  mayKeep({ ...LABELLED, ...labels }, { ...PLAIN, ...asked }, { ...POLICY, freshMs });

test('an answer that says nothing is kept where the file says so, and never for one who said who asks', () => {
  const silent = { explicit: false };
  expect(keeps(silent)).toBe(false);
  expect(keeps(silent, {}, 1000)).toBe(true);
  expect(keeps(silent, { credentials: true }, 1000)).toBe(false);
  expect(keeps(silent, { authorization: true }, 1000)).toBe(false);
  expect(keeps({ ...silent, mustRevalidate: true }, { authorization: true }, 1000)).toBe(false);
});

test('an answer to credentials is kept only if it is for everybody', () => {
  expect([keeps({}, { credentials: true }), keeps({ shared: true }, { credentials: true })]).toEqual([false, true]);
  expect(keeps({ mustRevalidate: true }, { credentials: true })).toBe(false);
  expect([keeps({}, { authorization: true }), keeps({ shared: true }, { authorization: true })]).toEqual([false, true]);
  expect(keeps({ mustRevalidate: true }, { authorization: true })).toBe(true);
});

test.each([
  [200, true, true],
  [204, true, false],
  [206, false, false],
  [302, true, false],
  [304, false, false],
  [400, false, false],
  [404, true, false],
  [405, false, false],
  [412, false, false],
  [416, false, false],
  [431, false, false],
  [500, false, false],
])('a %d is kept when it names a lifetime: %s, when it does not: %s', (status, labelled, silent) => {
  expect([keeps({ status }), keeps({ status, explicit: false }, {}, 1000)]).toEqual([labelled, silent]);
});

test('what a range or a condition was answered is kept only if it is the whole', () => {
  expect([keeps({}, { selective: true }), keeps({ status: 404 }, { selective: true })]).toEqual([true, false]);
});

test('what is too large is not kept, nor what must be asked about each time', () => {
  expect(keeps({ contentLength: POLICY.entryBytes + 1 })).toBe(false);
  expect(keeps({ headChars: COPY_HEAD_BYTES_MAX + 1 })).toBe(false);
  expect(keeps({ noCache: true })).toBe(false);
});

test('what is said to one client as it happens is not kept, whatever it says of itself', () => {
  expect(keeps({ stream: true })).toBe(false);
  expect(keeps({ stream: true, shared: true })).toBe(false);
  expect(keeps({ stream: true, explicit: false }, {}, 1000)).toBe(false);
});
