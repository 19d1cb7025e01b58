import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as kinds from '../../../../src/edge/message/field-kind.ts';

const { fieldKind, kindOfName } = kinds;
const kindOf = (name: string) => {
  const kind = fieldKind(Buffer.from(name), 0, name.length);
  expect(kindOfName(name), 'by its name').toBe(kind);
  expect(kindOfName(name.toLowerCase()), 'by its name in small letters').toBe(kind);
  return kind;
};

test.each([
  ['Host', kinds.HOST],
  ['CONTENT-LENGTH', kinds.CONTENT_LENGTH],
  ['Transfer-encoding', kinds.TRANSFER_ENCODING],
  ['te', kinds.TE],
  ['X-Forwarded-Prefix', kinds.FORWARDING],
  ['Proxy-Authorization', kinds.HOP_BY_HOP],
  ['HTTP2-Settings', kinds.HOP_BY_HOP],
  ['Max-Forwards', kinds.MAX_FORWARDS],
  ['Client-Cert', kinds.CLIENT_CERT],
  ['client-cert-chain', kinds.CLIENT_CERT],
  ['X-Forwarded-Client-Cert', kinds.CLIENT_CERT],
  ['Client_Cert', kinds.IMITATION],
  ['X_Forwarded_For', kinds.IMITATION],
  ['x-forwarded_FOR', kinds.IMITATION],
  ['X_Real-IP', kinds.IMITATION],
  ['Content_Length', kinds.IMITATION],
  ['transfer_encoding', kinds.IMITATION],
  ['x_request_id', kinds.IMITATION],
  ['X.Forwarded.For', kinds.IMITATION],
  ['X_Forwarded.For', kinds.IMITATION],
  ['x~real!ip', kinds.IMITATION],
  ['Proxy', kinds.IMITATION],
  ['X_Forwarded_Foo', kinds.ORDINARY],
  ['X0Forwarded-For', kinds.ORDINARY],
  ['Accept_Language', kinds.ORDINARY],
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
    /^(?:host|content-length|transfer-encoding|connection|keep-alive|max-forwards|via|date|x-request-id|x-forwarded-(?:for|proto|host|port|prefix)|forwarded|x-real-ip|trailer|upgrade|expect|te|traceparent|client-cert|client-cert-chain|x-forwarded-client-cert|proxy-connection|proxy-authenticate|proxy-authorization|http2-settings)$/i;
  const imitated = /^proxy$/i;
  const near = fc
    .tuple(
      fc.constantFrom('host', 'content-length', 'via', 'x-forwarded-for'),
      fc.nat(20),
      fc.constantFrom('^', '_', '~', '.', '1', 'H'),
    )
    .map(([name, at, letter]) => name.slice(0, at % name.length) + letter + name.slice((at % name.length) + 1));
  fc.assert(
    fc.property(fc.oneof(token, near), (name) => {
      const kind = known.test(name)
        ? 'known'
        : imitated.test(name) || known.test(name.replaceAll(/[^A-Za-z0-9]/g, '-'))
          ? 'imitated'
          : 'other';
      const said = kindOf(name);
      expect(said === kinds.ORDINARY ? 'other' : said === kinds.IMITATION ? 'imitated' : 'known').toBe(kind);
    }),
  );
});

test('each kind of field goes to the endpoint, the client and trailers as its row says', () => {
  const ways = (kind: number) => [
    kinds.goesToEndpoint(kind, false),
    kinds.goesToEndpoint(kind, true),
    kinds.goesToClient(kind),
    kinds.goesInTrailers(kind),
  ];
  expect(ways(kinds.ORDINARY)).toEqual([true, true, true, true]);
  expect(ways(kinds.FORWARDING)).toEqual([false, true, true, false]);
  expect(ways(kinds.IMITATION)).toEqual([false, false, true, false]);
  expect(ways(kinds.CONTENT_LENGTH)).toEqual([true, true, true, false]);
  for (const kind of [kinds.CONNECTION, kinds.TRANSFER_ENCODING, kinds.TE, kinds.UPGRADE, kinds.HOP_BY_HOP]) {
    expect(ways(kind)).toEqual([false, false, false, false]);
  }
});
