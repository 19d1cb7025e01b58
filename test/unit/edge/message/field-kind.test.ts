import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as kinds from '../../../../src/edge/message/field-kind.ts';

const { fieldKind } = kinds;
const kindOf = (name: string) => fieldKind(Buffer.from(name), 0, name.length);

test.each([
  ['Host', kinds.HOST],
  ['CONTENT-LENGTH', kinds.CONTENT_LENGTH],
  ['Transfer-encoding', kinds.TRANSFER_ENCODING],
  ['te', kinds.TE],
  ['X-Forwarded-Prefix', kinds.FORWARDING],
  ['Proxy-Authorization', kinds.HOP_BY_HOP],
  ['HTTP2-Settings', kinds.HOP_BY_HOP],
  ['Accept', kinds.ORDINARY],
  ['hosts', kinds.ORDINARY],
  ['x-request-ie', kinds.ORDINARY],
  ['x', kinds.ORDINARY],
  ['x-a-name-that-is-longer-than-any-that-is-known', kinds.ORDINARY],
])('%s', (name, kind) => {
  expect(kindOf(name)).toBe(kind);
});

test('no other token is taken for a known name', () => {
  const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,20}$/);
  const known =
    /^(?:host|content-length|transfer-encoding|connection|keep-alive|via|date|x-request-id|x-forwarded-(?:for|proto|host|port|prefix)|forwarded|x-real-ip|trailer|upgrade|expect|te|proxy-connection|proxy-authenticate|proxy-authorization|http2-settings)$/i;
  const near = fc
    .tuple(
      fc.constantFrom('host', 'content-length', 'via', 'x-forwarded-for'),
      fc.nat(20),
      fc.constantFrom('^', '_', '~', '.', '1', 'H'),
    )
    .map(([name, at, letter]) => name.slice(0, at % name.length) + letter + name.slice((at % name.length) + 1));
  fc.assert(
    fc.property(fc.oneof(token, near), (name) => {
      expect(kindOf(name) !== kinds.ORDINARY).toBe(known.test(name));
    }),
  );
});
