import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Field, FieldName } from '../../../../src/edge/frames/hpack/field.ts';
import { isValidHost, RequestLine, trailersProblem } from '../../../../src/edge/h2/request-problem.ts';
import { StreamHead } from '../../../../src/edge/h2/stream-head.ts';
import { Peer } from '../../../../src/edge/message/request-head.ts';
import type { Exchange } from '../../../../src/edge/request/exchange.ts';
import { parseRequest, WireHead } from '../../../../src/edge/wire/grammar/request-head.ts';

function fieldsOf(pairs: readonly (readonly [string, string])[]): Field[] {
  return pairs.map(([name, value]) => new Field(new FieldName(name), value));
}

const EXCHANGE = {
  trustedPeer: true,
  requestId: 'id',
  traceparent: '00-0-0-01',
  pseudonym: 'meridian-test',
} as unknown as Exchange;

const NASTY = fc.constantFrom(
  '\r',
  '\n',
  '\0',
  ' ',
  '\t',
  ':',
  '\r\n',
  '#',
  ',',
  ';',
  'A',
  'é',
  '\u007f',
  'chunked',
  '5',
);
const PLAIN = fc.stringMatching(/^[a-z0-9-]{0,6}$/);
const TEXT = fc
  .array(fc.oneof({ weight: 4, arbitrary: PLAIN }, NASTY), { maxLength: 4 })
  .map((parts) => parts.join(''));
const NAME = fc.oneof(
  TEXT,
  fc.constantFrom('content-length', 'transfer-encoding', 'te', 'host', 'connection', 'expect', 'cookie', 'upgrade'),
);

test('whatever is taken is one head in HTTP/1.1, and the same one', () => {
  let taken = 0;
  fc.assert(
    fc.property(
      fc.constantFrom('GET', 'POST', 'GET /x HTTP/1.1\r\nA:', 'OPTIONS'),
      TEXT.map((text) => `/${text}`),
      fc.oneof(fc.constant('shop.example'), TEXT),
      fc.array(fc.tuple(NAME, TEXT), { maxLength: 4 }),
      (method, path, authority, more) => {
        const pseudo = [
          [':method', method],
          [':scheme', 'https'],
          [':path', path],
          [':authority', authority],
        ] as const;
        const fields = fieldsOf([...pseudo, ...more]);
        const line = new RequestLine();
        if (line.read(fields) !== undefined || !isValidHost(line.authority || line.host)) return;
        taken += 1;
        const head = new StreamHead();
        head.begin(line, fields, { protocol: 'https', address: '127.0.0.1', peer: new Peer() }, line.length === 0);
        const bytes = Buffer.from(head.text(EXCHANGE, ''), 'latin1');
        const parsed = new WireHead({ protocol: 'https', address: '', tlsVersion: '', certificate: undefined });
        // `Connection: TE` is for the general engine; it is the one thing that the strict grammar leaves to it.
        const plain = Buffer.from(bytes.toString('latin1').replace('Connection: TE\r\nTE: trailers\r\n', ''), 'latin1');
        expect(parseRequest(plain, 0, plain.length, parsed)).toBe(plain.length);
        expect([parsed.method, parsed.target]).toEqual([method, path]);
        expect(parsed.host).toBe(line.authority || line.host);
        expect(parsed.length).toBe(line.length);
      },
    ),
    { numRuns: 3000 },
  );
  expect(taken).toBeGreaterThan(100);
});

test.each([
  ['x-sum', '1', true],
  ['host', 'a', true],
  [':path', '/', false],
  ['connection', 'close', false],
  ['X-Sum', '1', false],
  ['x-sum', 'a\r\nb', false],
])('whether %s may stand behind a body: %s', (name, value, may) => {
  expect(trailersProblem(fieldsOf([[name, value]])) === undefined).toBe(may);
});
