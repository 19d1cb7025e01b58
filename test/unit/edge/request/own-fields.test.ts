import { expect, test } from 'vitest';
import { hasOwnFields, ownFields } from '../../../../src/edge/request/own-fields.ts';
import { begun, pathOf } from '../../../support/path.ts';
import { threeClouds } from '../../../support/topology.ts';

test('most answers get nothing more', () => {
  const { exchange, attempt } = begun(pathOf());
  expect(hasOwnFields(exchange)).toBe(false);
  expect(ownFields(exchange, attempt)).toEqual([]);
});

test('a client that is to stay gets a cookie, once', () => {
  const sticky = 'sticky: { by: cookie, secrets: ["0123456789abcdef0123456789abcdef"] }';
  const path = pathOf(threeClouds({ service: sticky }));
  const { exchange, attempt } = begun(path);
  expect(hasOwnFields(exchange)).toBe(true);
  const [name, value = ''] = ownFields(exchange, attempt);
  expect(name).toBe('Set-Cookie');
  const again = begun(path, { headers: ['Cookie', value.split(';')[0] as string] });
  expect(again.attempt.index).toBe(attempt.index);
  expect(ownFields(again.exchange, again.attempt)).toEqual([]);
});
