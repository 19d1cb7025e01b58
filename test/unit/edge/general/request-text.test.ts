import { expect, test } from 'vitest';
import type { Endpoint } from '../../../../src/config/topology.ts';
import { requestText } from '../../../../src/edge/general/request-text.ts';
import type { RequestHead } from '../../../../src/edge/message/request-head.ts';
import type { Exchange } from '../../../../src/edge/request/exchange.ts';
import { headOf } from '../../../support/request.ts';

function textOf(about: Partial<RequestHead>): string {
  const head = headOf({ target: '/a?b', host: 'shop', peerAddress: '192.0.2.1', ...about });
  const ours = { trustedPeer: false, requestId: 'r-1', traceparent: 't-1', pseudonym: 'edge' };
  const exchange = { head, ...ours, state: { rules: undefined } as Exchange['state'] } as Exchange;
  const url = { protocol: 'http', host: 'origin', port: 8080, basePath: '/base' };
  return requestText(exchange, { url } as Endpoint);
}

const OURS =
  'X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: shop\r\nVia: 1.1 edge\r\ntraceparent: t-1\r\nX-Request-Id: r-1\r\n';

test('what the client said, and what this edge says of it', () => {
  const text = textOf({ headers: ['host', 'shop', 'Accept', '*/*', 'Connection', 'close'] });
  expect(text).toBe(`GET /base/a?b HTTP/1.1\r\nHost: shop\r\nAccept: */*\r\n${OURS}\r\n`);
});

test.each([
  [
    'chunks stay chunks',
    { headers: ['Transfer-Encoding', 'Chunked'], hasBody: true },
    'Transfer-Encoding: chunked\r\n',
  ],
  ['a length goes on', { headers: ['Content-Length', '5'], hasBody: true }, ''],
  ['no body where one is usual', { method: 'POST' }, 'Content-Length: 0\r\n'],
  ['no body where the client says so', { method: 'POST', headers: ['Content-Length', '0'] }, ''],
  ['no body where none is usual', { method: 'DELETE' }, ''],
  ['an upgrade', { upgrade: 'websocket' }, 'Connection: Upgrade\r\nUpgrade: websocket\r\n'],
  [
    'an expectation',
    { headers: ['Content-Length', '5', 'Expect', '100-continue'], hasBody: true, expectsContinue: true },
    'Expect: 100-continue\r\n',
  ],
])('%s', (_, about, last) => {
  expect(textOf(about)).toMatch(new RegExp(`X-Request-Id: r-1\\r\\n${last}\\r\\n$`));
});

test('a client of HTTP/1.0 need not name a host', () => {
  expect(textOf({ host: '', version: '1.0' })).toContain('\r\nHost: origin:8080\r\n');
});
