import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HELLO_BYTES_MAX, readClientHello } from '../../../../src/edge/thread/client-hello.ts';
import { helloFor, recordsOf } from '../../../support/client-hello.ts';

const name = fc.stringMatching(/^[a-z0-9-]{1,20}(?:\.[a-z0-9-]{1,20}){0,4}$/);

test('the name is found, however the message lies in records, and only once it is whole', () => {
  fc.assert(
    fc.property(name, fc.integer({ min: 1, max: 400 }), fc.nat({ max: 300 }), (host, recordBytes, padding) => {
      const other = Buffer.concat([
        Buffer.from([0, 21]),
        Buffer.from([padding >> 8, padding & 255]),
        Buffer.alloc(padding),
      ]);
      const bytes = recordsOf(helloFor(host, other), recordBytes);
      expect(readClientHello(bytes)).toEqual({ serverName: host, asksForProof: false });
      expect(readClientHello(Buffer.concat([bytes, Buffer.from('behind it')]))).toEqual({
        serverName: host,
        asksForProof: false,
      });
      for (let length = 0; length < bytes.length; length += 1) {
        expect(readClientHello(bytes.subarray(0, length))).toBe('incomplete');
      }
    }),
    { numRuns: 50 },
  );
});

test.each([
  ['Shop.EXAMPLE.com', 'shop.example.com'],
  ['shop.example.com.', 'shop.example.com'],
  [undefined, ''],
])('asked for %s it is %s', (asked, serverName) => {
  expect(readClientHello(recordsOf(helloFor(asked)))).toEqual({ serverName, asksForProof: false });
});

test.each([
  ['HTTP', Buffer.from('GET / HTTP/1.1\r\n')],
  ['an alert', Buffer.from([21, 3, 1, 0, 2, 1, 0])],
  ['another handshake message', recordsOf(Buffer.from([2, 0, 0, 1, 0]))],
  ['SSL 2', Buffer.from([0x80, 46, 1, 0, 2, 0])],
  ['an empty record', Buffer.from([22, 3, 1, 0, 0, 22, 3, 1])],
  ['a message that says it is huge', recordsOf(Buffer.from([1, 255, 255, 255, 0]))],
  ['an empty name', recordsOf(helloFor(''))],
  [
    'a list that is longer than the message',
    recordsOf(Buffer.concat([Buffer.from([1, 0, 0, 40]), Buffer.alloc(34), Buffer.alloc(6, 255)])),
  ],
])('%s is left to the TLS library', (_, bytes) => {
  expect(readClientHello(bytes)).toBe('unreadable');
});

test('no bytes make it throw, and none make it wait for ever', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }).map((rest) => [22, 3, 1, 0, 200, 1, 0, ...rest]),
  );
  fc.assert(
    fc.property(bytes, (some) => {
      readClientHello(Buffer.from(some));
      const long = Buffer.concat([Buffer.from(some), Buffer.alloc(2 * HELLO_BYTES_MAX + 1)]);
      expect(readClientHello(long)).not.toBe('incomplete');
    }),
  );
});

test('a message whose bytes are changed is read, left or waited for, and nothing else', () => {
  const whole = recordsOf(helloFor('shop.example.com'));
  fc.assert(
    fc.property(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 }), (at, value) => {
      const changed = Buffer.from(whole);
      changed[at] = value;
      const read = readClientHello(changed);
      if (typeof read !== 'string') expect(read.serverName.length).toBeLessThanOrEqual(whole.length);
    }),
  );
});

test.each([
  ['acme-tls/1 alone', ['acme-tls/1'], true],
  ['another protocol', ['h2', 'http/1.1'], false],
  ['it among others', ['acme-tls/1', 'h2'], false],
])('a client that proposes %s', (_, protocols, asksForProof) => {
  const list = Buffer.concat(protocols.map((one) => Buffer.from([one.length, ...Buffer.from(one)])));
  const data = Buffer.from([0, list.length, ...list]);
  const extension = Buffer.from([0, 16, 0, data.length, ...data]);
  expect(readClientHello(recordsOf(helloFor('a.example.com', extension)))).toEqual({
    serverName: 'a.example.com',
    asksForProof,
  });
});
