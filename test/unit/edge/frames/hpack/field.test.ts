import { expect, test } from 'vitest';
import {
  AUTHORITY,
  Field,
  FieldName,
  isConnectionSpecific,
  METHOD,
  NO_PSEUDO,
  PATH,
  PROTOCOL,
  SCHEME,
  STATUS,
  UNKNOWN_PSEUDO,
} from '../../../../../src/edge/frames/hpack/field.ts';

test.each([
  [':method', METHOD],
  [':scheme', SCHEME],
  [':authority', AUTHORITY],
  [':path', PATH],
  [':status', STATUS],
  [':protocol', PROTOCOL],
  [':other', UNKNOWN_PSEUDO],
  ['method', NO_PSEUDO],
])('%s is told by its name', (text, pseudo) => {
  expect(new FieldName(text).pseudo).toBe(pseudo);
});

test.each([
  ['connection', true],
  ['keep-alive', true],
  ['proxy-connection', true],
  ['transfer-encoding', true],
  ['upgrade', true],
  ['te', false],
  ['cookie', false],
])('whether %s is about one connection: %s', (text, specific) => {
  expect(isConnectionSpecific(new FieldName(text))).toBe(specific);
});

test('a field is one line of HTTP/1.1, and counts 32 bytes beside its letters', () => {
  const field = new Field(new FieldName('accept'), 'text/*');
  expect([field.line, field.line, field.bytes]).toEqual(['accept: text/*\r\n', 'accept: text/*\r\n', 44]);
});
