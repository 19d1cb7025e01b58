import { createServer, type ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { giveHead, TAKES_READY_HEADS } from '../../../../src/edge/general/ready-head.ts';
import { exchanged, portOf } from '../../../support/raw-http.ts';

const HEAD = 'HTTP/1.1 200 Sch\xf6n\r\nA: \xe9\r\n';

/** What a client gets that asks twice on one connection. */
async function asked(answer: (response: ServerResponse, nth: number) => void, method = 'GET'): Promise<string> {
  let nth = 0;
  const server = createServer((_, response) => answer(response, nth++));
  const request = `${method} / HTTP/1.1\r\nHost: a\r\n`;
  return exchanged(await portOf(server), `${request}\r\n${request}Connection: close\r\n\r\n`);
}

test('the runtime that this is tested with takes heads that are text already', () => {
  expect(TAKES_READY_HEADS).toBe(true);
});

test('a head goes out as it is, one character a byte, with a body of a known length, and the connection is used again', async () => {
  const text = `${HEAD}Content-Length: 2\r\n\r\n`;
  const got = await asked((response, nth) => {
    giveHead(response, { status: 200, text, chunked: false, close: nth === 1 });
    expect(response.headersSent).toBe(true);
    response.end('ok', 'latin1');
  });
  expect(got).toBe(`${text}ok`.repeat(2));
});

test('with a body in chunks, and trailers', async () => {
  const text = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`;
  const got = await asked((response, nth) => {
    giveHead(response, { status: 200, text, chunked: true, close: nth === 1 });
    response.write(Buffer.from('hello'));
    response.addTrailers([['B', 'c']]);
    response.end();
  });
  expect(got).toBe(`${text}5\r\nhello\r\n0\r\nB: c\r\n\r\n`.repeat(2));
});

test.each([
  ['its status has none', 204, 'GET'],
  ['its status says that it is known', 304, 'GET'],
  ['it answers a HEAD', 200, 'HEAD'],
])('without a body where %s', async (_, status, method) => {
  const text = `HTTP/1.1 ${status} \r\n\r\n`;
  const got = await asked((response, nth) => {
    giveHead(response, { status, text, chunked: false, close: nth === 1 });
    expect(response.statusCode).toBe(status);
    response.end();
  }, method);
  expect(got).toBe(text.repeat(2));
});

test('one that ends the connection does so, whatever the client asked for', async () => {
  const text = `${HEAD}Content-Length: 0\r\n\r\n`;
  const got = await asked((response) => {
    giveHead(response, { status: 200, text, chunked: false, close: true });
    response.end();
  });
  expect(got).toBe(text);
});
