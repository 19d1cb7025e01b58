import { expect, test } from 'vitest';
import { Field, FieldName } from '../../../../src/edge/frames/hpack/field.ts';
import { RequestLine } from '../../../../src/edge/h2/request-problem.ts';
import { StreamHead } from '../../../../src/edge/h2/stream-head.ts';
import { Peer } from '../../../../src/edge/message/request-head.ts';
import type { Exchange } from '../../../../src/edge/request/exchange.ts';

const FIELDS = (
  [
    [':method', 'POST'],
    [':scheme', 'https'],
    [':path', '/a'],
    [':authority', 'shop.example'],
    ['te', 'trailers'],
    ['cookie', 'a=1'],
    ['cookie', 'b=2'],
    ['x-real-ip', '9.9.9.9'],
    ['x-forwarded-for', '8.8.8.8'],
    ['via', '2.0 other'],
  ] as const
).map(([name, value]) => new Field(new FieldName(name), value));
const END = { protocol: 'https', address: '10.0.0.1', peer: new Peer() } as const;

function exchange(more: Partial<Exchange> = {}): Exchange {
  return { trustedPeer: false, requestId: 'id-1', traceparent: '00-1-1-01', pseudonym: 'edge', ...more } as Exchange;
}

function lineOf(kept: boolean): RequestLine {
  const line = new RequestLine();
  expect(line.read(FIELDS)).toBeUndefined();
  line.kept = kept;
  return line;
}

function text(line: RequestLine, ended: boolean, ask: Exchange, basePath: string): string {
  const head = new StreamHead();
  head.begin(line, FIELDS, END, ended);
  return head.text(ask, basePath);
}

test('what was written of fields that come again is not what it was where anything else is another one', () => {
  const line = lineOf(true);
  const asked = [
    [true, exchange(), ''],
    [true, exchange(), ''],
    [false, exchange(), ''],
    [true, exchange({ requestId: 'id-2', traceparent: '00-2-2-01' }), ''],
    [true, exchange({ trustedPeer: true }), ''],
    [true, exchange({ trustedPeer: true }), '/base'],
    [true, exchange({ pseudonym: 'another' }), '/base'],
    [true, exchange(), ''],
  ] as const;
  const texts = asked.map(([ended, ask, basePath]) => {
    const one = text(line, ended, ask, basePath);
    expect(one).toBe(text(lineOf(false), ended, ask, basePath));
    return one;
  });
  expect(new Set(texts).size).toBe(6);
});

test('one that comes again is written once', () => {
  const line = lineOf(true);
  text(line, true, exchange(), '');
  const { lasting } = line;
  text(line, true, exchange({ requestId: 'id-2' }), '');
  expect(line.lasting).toBe(lasting);
  text(line, false, exchange(), '');
  expect(line.lasting).not.toBe(lasting);
});
