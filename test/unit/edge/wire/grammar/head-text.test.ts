import { expect, test } from 'vitest';
import { upstreamRequestHeaders } from '../../../../../src/edge/message/headers.ts';
import { linesOf } from '../../../../../src/edge/message/lines.ts';
import type { Exchange } from '../../../../../src/edge/request/exchange.ts';
import { ownAnswerText, requestHeadText } from '../../../../../src/edge/wire/grammar/head-text.ts';
import { parseRequest, WireHead } from '../../../../../src/edge/wire/grammar/request-head.ts';

const FACTS = { protocol: 'http', address: '203.0.113.9', tlsVersion: '', certificate: undefined } as const;
type Facts = ConstructorParameters<typeof WireHead>[0];

function headOf(lines: readonly string[], method = 'GET', facts: Facts = FACTS): WireHead {
  const bytes = Buffer.from(`${method} /a?b HTTP/1.1\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`, 'latin1');
  const head = new WireHead(facts);
  expect(parseRequest(bytes, 0, bytes.length, head)).toBe(bytes.length);
  return head;
}

const sorted = (text: string) => text.split('\r\n').slice(1).filter(Boolean).sort();

/** The general engine's own rules, as lines. */
const general = (head: WireHead, exchange: Exchange) =>
  sorted(`\r\n${linesOf(upstreamRequestHeaders(head, exchange, ''))}`);

test.each([true, false])('the endpoint gets the same fields from both engines; trusted peer: %s', (trustedPeer) => {
  const exchange = { trustedPeer, requestId: 'id-1', traceparent: 'trace-1', pseudonym: 'meridian-e' } as Exchange;
  const lines = [
    'Host: shop',
    'Accept: a',
    'Accept: b',
    'Connection: keep-alive',
    'Keep-Alive: timeout=1',
    'X-Request-Id: theirs',
    'TraceParent: theirs',
  ];
  const more = [
    'X-Forwarded-For: 1.1.1.1',
    'X-Forwarded-Proto: https',
    'X-Forwarded-Host: h',
    'Forwarded: for=x',
    'X-Real-IP: 2.2.2.2',
  ];
  const rest = [
    'Via: 1.1 a',
    'via: 1.1 b',
    'Proxy-Connection: x',
    'Proxy-Authorization: y',
    'Cookie: c',
    'X-Forwarded-Port: 1',
    'Trailer: t',
    'Max-Forwards: 3',
    'X_Forwarded_For: 6.6.6.6',
    'x_real-ip: 6.6.6.6',
    'TE: trailers',
  ];
  const head = headOf([...lines, ...more, ...rest]);
  const text = requestHeadText(head, exchange, '/base');
  expect(text.startsWith('GET /base/a?b HTTP/1.1\r\nHost: shop\r\n')).toBe(true);
  expect(text.endsWith('\r\n\r\n')).toBe(true);
  expect(sorted(text)).toEqual(general(head, exchange));
});

const CERTIFICATE = { subject: 'CN=robot', fingerprint: 'ff', der: 'b3du', chain: ['aXNzdWVy', 'cm9vdA=='] };

test.each([
  [true, undefined, ['Client-Cert: :dGhlaXJz:', 'client-cert-chain: :eA==:', 'X-Forwarded-Client-Cert: By=x']],
  [false, undefined, []],
  [true, CERTIFICATE, ['Client-Cert: :b3du:', 'Client-Cert-Chain: :aXNzdWVy:, :cm9vdA==:']],
  [false, CERTIFICATE, ['Client-Cert: :b3du:', 'Client-Cert-Chain: :aXNzdWVy:, :cm9vdA==:']],
  [false, { ...CERTIFICATE, chain: [] }, ['Client-Cert: :b3du:']],
])(
  'trusted peer: %s, with the certificate %j, the endpoint is told %j by both engines',
  (trustedPeer, certificate, told) => {
    const exchange = { trustedPeer, requestId: 'id-1', traceparent: 'trace-1', pseudonym: 'meridian-e' } as Exchange;
    const theirs = [
      'Client-Cert: :dGhlaXJz:',
      'client-cert-chain: :eA==:',
      'X-Forwarded-Client-Cert: By=x',
      'Client_Cert: x',
    ];
    const head = headOf(['Host: shop', ...theirs], 'GET', { ...FACTS, certificate });
    const text = requestHeadText(head, exchange, '');
    expect(sorted(text).filter((line) => /client.cert/i.test(line))).toEqual(told.toSorted());
    expect(sorted(text)).toEqual(general(head, exchange));
  },
);

test('framing is said anew', () => {
  const exchange = { trustedPeer: false, requestId: 'id-1', traceparent: 'trace-1', pseudonym: 'p' } as Exchange;
  expect(requestHeadText(headOf(['Host: a', 'Transfer-Encoding: chunked'], 'POST'), exchange, '')).toContain(
    '\r\nTransfer-Encoding: chunked\r\n',
  );
  expect(requestHeadText(headOf(['Host: a'], 'POST'), exchange, '')).toContain('\r\nContent-Length: 0\r\n');
  expect(
    requestHeadText(headOf(['Host: a', 'Content-Length: 0'], 'POST'), exchange, '').match(/Content-Length/g),
  ).toHaveLength(1);
  expect(requestHeadText(headOf(['Host: a'], 'GET'), exchange, '')).not.toContain('Content-Length');
});

test('an own answer is whole, and without a body for HEAD', () => {
  const answer = { status: 503, headers: ['Retry-After', '1'], body: 'no\n' };
  const text = ownAnswerText(answer, 'Connection: close\r\n', true);
  expect(text).toMatch(
    /^HTTP\/1\.1 503 Service Unavailable\r\nContent-Type: text\/plain; charset=utf-8\r\nContent-Length: 3\r\nRetry-After: 1\r\nDate: .* GMT\r\nConnection: close\r\n\r\nno\n$/,
  );
  expect(ownAnswerText(answer, '', false)).toMatch(/Content-Length: 3\r\n[^]*\r\n\r\n$/);
});
