import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LENT } from '../../../../../src/edge/client/borrowed-reads.ts';
import type { Exchange } from '../../../../../src/edge/request/exchange.ts';
import { HeadReader } from '../../../../../src/edge/wire/client/head-reader.ts';
import { requestHeadText } from '../../../../../src/edge/wire/grammar/head-text.ts';
import { parseRequest, WireHead } from '../../../../../src/edge/wire/grammar/request-head.ts';

const HEADS = [
  'GET /a HTTP/1.1\r\nHost: shop\r\n\r\n',
  'GET /a HTTP/1.1\r\nHost: shop\r\nVia: 1.1 a\r\nX-Forwarded-For: 1.1.1.1\r\nCookie: a=\xe9\r\n\r\n',
  'GET /b HTTP/1.1\r\nHost: shop\r\n\r\n',
  'HEAD /a?b HTTP/1.1\r\nHost: shop:8080\r\nTE: trailers\r\n\r\n',
  'POST /a HTTP/1.1\r\nHost: shop\r\nContent-Length: 5\r\n\r\nhello',
  'POST /a HTTP/1.1\r\nHost: shop\r\n\r\n',
  'POST /a HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n',
  'GET /a HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n',
  'GET /a HTTP/1.1\r\nHost: sh',
  'GET /a HTTP/1.1\r\nHost : shop\r\n\r\n',
];
const FACTS = { protocol: 'http', address: '203.0.113.9', tlsVersion: '', certificate: undefined } as const;
const NAMES = ['host', 'via', 'cookie', 'x-forwarded-for', 'content-length'];

const read = fc.record({
  client: fc.nat(1),
  head: fc.constantFrom(...HEADS),
  trustedPeer: fc.boolean(),
  basePath: fc.constantFrom('', '/base'),
  pseudonym: fc.constantFrom('meridian-a', 'meridian-b'),
  shut: fc.boolean(),
});

test('whatever was read before, on this connection and on others, a head is read as if it were the first', () => {
  fc.assert(
    fc.property(fc.array(read, { maxLength: 30 }), (reads) => {
      const clients = [0, 1].map(() => ({ reader: new HeadReader(), head: new WireHead(FACTS) }));
      for (const { client, head: text, shut, basePath, ...more } of reads) {
        const { reader, head } = clients[client]!;
        const fresh = new WireHead(FACTS);
        const bytes = Buffer.from(text, 'latin1');
        const end = parseRequest(bytes, 0, bytes.length, fresh);
        const exchange = { ...more, requestId: 'id', traceparent: 'trace' } as Exchange;
        const expected = end > 0 ? factsOf(fresh, exchange, basePath) : undefined;
        bytes.copy(LENT.whole);
        expect(reader.read(LENT.whole as Buffer, 0, bytes.length, head)).toBe(end);
        if (expected !== undefined) expect(factsOf(head, exchange, basePath)).toEqual(expected);
        if (shut) head.close = true;
      }
    }),
  );
});

test('a head that comes again is not read again', () => {
  const reader = new HeadReader();
  const head = new WireHead(FACTS);
  const bytes = Buffer.from(HEADS[0]!);
  for (const again of [false, false, true, true]) {
    bytes.copy(LENT.whole);
    expect(reader.read(LENT.whole as Buffer, 0, bytes.length, head)).toBe(bytes.length);
    expect(head.again).toBe(again);
  }
  // In a buffer of its own it is.
  reader.read(bytes, 0, bytes.length, head);
  expect(head.again).toBe(false);
});

function factsOf(head: WireHead, exchange: Exchange, basePath: string): object {
  const { method, target, host, length, close, trailers, text, hasBody, headers } = head;
  const values = NAMES.map((name) => [head.first(name), head.joined(name)]);
  const sent = requestHeadText(head, exchange, basePath);
  return { method, target, host, length, close, trailers, text, hasBody, headers: [...headers], values, sent };
}
