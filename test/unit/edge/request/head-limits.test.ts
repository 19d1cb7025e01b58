import fc from 'fast-check';
import { expect, test } from 'vitest';
import { headBytes, headOver } from '../../../../src/edge/request/head-limits.ts';
import { headOf } from '../../../support/request.ts';

const NONE = { targetBytesMax: undefined, headBytesMax: undefined, fieldsMax: undefined };

test('a head is as large as its text', () => {
  const token = fc.stringMatching(/^[a-z]{1,9}$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(token, token), { maxLength: 9 }), token, (fields, path) => {
      const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
      const head = headOf({ method: 'PUT', target: `/${path}`, headers: fields.flat() });
      expect(headBytes(head)).toBe(`PUT /${path} HTTP/1.1\r\n${lines}\r\n`.length);
    }),
  );
});

test.each([
  [{}, undefined],
  [{ targetBytesMax: 3 }, 'limited-target'],
  [{ targetBytesMax: 4 }, undefined],
  [{ fieldsMax: 1 }, 'limited-fields'],
  [{ fieldsMax: 2 }, undefined],
  [{ headBytesMax: 34 }, 'limited-head'],
  [{ headBytesMax: 35 }, undefined],
])('%j: %s', (policy, count) => {
  const head = headOf({ method: 'GET', target: '/abc', headers: ['Host', 'a', 'B', ''] });
  expect(headBytes(head)).toBe(35);
  expect(headOver(head, { ...NONE, ...policy })?.count).toBe(count);
});

test.each([
  ['an authority', [], 1],
  ['an authority and a Host', ['host', 'a.example'], 1],
])('in HTTP/2 %s is one field, as it is in HTTP/1.1', (_, host, fields) => {
  const head = headOf({ method: 'GET', target: '/', host: 'a.example', version: '2.0', headers: [...host, 'b', 'c'] });
  expect(headBytes(head)).toBe('GET / HTTP/1.1\r\nhost: a.example\r\nb: c\r\n\r\n'.length);
  expect(headOver(head, { ...NONE, fieldsMax: fields })?.count).toBe('limited-fields');
  expect(headOver(head, { ...NONE, fieldsMax: fields + 1 })).toBeUndefined();
});

test('nobody makes a list of fields that no limit is on', () => {
  const head = {
    ...headOf({ target: '/' }),
    get headers(): never {
      throw new Error('asked');
    },
  };
  expect(headOver(head, { ...NONE, targetBytesMax: 9 })).toBeUndefined();
});
