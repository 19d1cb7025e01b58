import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  faultAnswer,
  ownAnswerBytes,
  RETRY_AFTER_S,
  RETRY_AFTER_SPREAD_S,
  refusalAnswer,
  sendOwn,
} from '../../../../src/edge/message/answer.ts';
import { headerOf } from '../../../../src/edge/message/request-head.ts';
import { FAULT_STATUS, type FaultKind, PROXY_STATUS_ERROR } from '../../../../src/resilience/fault.ts';

const about = { pseudonym: 'meridian-e', requestId: 'id-1', draw: 0 };
const faultOf = (kind: FaultKind, cause = 'ECONNREFUSED') => ({ kind, sent: 'nothing' as const, cause });

describe.each(Object.keys(FAULT_STATUS) as FaultKind[])('%s', (kind) => {
  const { status, headers, body } = faultAnswer(faultOf(kind), about);

  test('has its status, and says who made the answer and why', () => {
    expect(status).toBe(FAULT_STATUS[kind]);
    expect(headerOf(headers, 'proxy-status')).toBe(
      `meridian-e; error=${PROXY_STATUS_ERROR[kind]}; details="ECONNREFUSED"`,
    );
    expect(headerOf(headers, 'x-request-id')).toBe('id-1');
    expect(headerOf(headers, 'cache-control')).toBe('no-store');
    expect(headerOf(headers, 'retry-after') !== undefined).toBe(status === 503);
    expect(body).toMatch(new RegExp(`^${status} [A-Z][\\w -]+: [a-z].+\\n$`));
  });
});

test('clients are asked to come back at different times', () => {
  const after = (draw: number) =>
    headerOf(faultAnswer(faultOf('no-candidate'), { ...about, draw }).headers, 'retry-after');
  const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(draw, (one) => {
      expect(after(one)).toMatch(/^\d+$/);
      expect(Number(after(one))).toBeGreaterThanOrEqual(RETRY_AFTER_S);
      expect(Number(after(one))).toBeLessThan(RETRY_AFTER_S + RETRY_AFTER_SPREAD_S);
    }),
  );
  expect(after(0)).not.toBe(after(0.99));
});

test('no cause breaks out of its quotes or its line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (cause) => {
      const value = headerOf(faultAnswer(faultOf('reset', `"\r\n\\${cause}`), about).headers, 'proxy-status');
      expect(value).toMatch(/^meridian-e; error=connection_terminated; details="[\x20\x21\x23-\x5b\x5d-\x7e]{0,120}"$/);
    }),
  );
});

test('a refusal says what was wrong', () => {
  const answer = refusalAnswer(400, 'more than one Host');
  expect(answer).toMatchObject({ status: 400, body: '400 Bad Request: more than one Host\n' });
});

test('as bytes it is a whole answer that ends its connection', () => {
  const bytes = ownAnswerBytes(faultAnswer(faultOf('connect-refused'), about));
  const [head, body] = bytes.split('\r\n\r\n') as [string, string];
  expect(head.split('\r\n')[0]).toBe('HTTP/1.1 502 Bad Gateway');
  expect(head).toContain('\r\nConnection: close');
  expect(head).toContain(`\r\nContent-Length: ${body.length}\r\n`);
  expect(head).toContain('\r\nProxy-Status: meridian-e; error=connection_refused');
});

test.each([
  [true, 'close'],
  [false, 'keep-alive'],
])('as a response (close %s) it has a length and leaves the connection %s', async (close, connection) => {
  const server = createServer((_, response) => sendOwn(response, faultAnswer(faultOf('no-candidate'), about), close));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const body = await answer.text();
    expect(answer.status).toBe(503);
    expect(body).toBe('503 Service Unavailable: no endpoint may be sent to now; please try again\n');
    expect(answer.headers.get('content-length')).toBe(String(body.length));
    expect(answer.headers.get('connection')).toBe(connection);
    expect(answer.headers.get('retry-after')).toBe('1');
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('a fault says which experiments touched the request', () => {
  const fault = { kind: 'reset', sent: 'some', cause: 'c' } as const;
  const about = { pseudonym: 'meridian-x', requestId: 'r', draw: 0 };
  expect(faultAnswer(fault, { ...about, chaos: 'slow, fail' }).headers).toEqual(
    expect.arrayContaining(['Chaos', 'slow, fail']),
  );
  expect(faultAnswer(fault, { ...about, chaos: '' }).headers).not.toContain('Chaos');
});

test.each([
  'connect ECONNREFUSED 10.0.0.1:8080',
  'getaddrinfo ENOTFOUND shop.internal',
  'Host: shop is not in the list',
  'unable to open /etc/ssl/x',
  'invalid URL',
])('a cause never says where something is: %s', (cause) => {
  const { headers, body } = faultAnswer({ kind: 'unreachable', sent: 'nothing', cause }, about);
  expect(`${headers.join(' ')} ${body}`).not.toMatch(/10\.0|internal|shop|\/etc/);
});

test('what the client itself has said is said back', () => {
  const fault = { kind: 'no-service', sent: 'nothing', cause: 'no service matches a.example' } as const;
  expect(headerOf(faultAnswer(fault, about).headers, 'proxy-status')).toContain(
    'details="no service matches a.example"',
  );
});
