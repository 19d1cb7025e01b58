import { describe, expect, test } from 'vitest';
import { ENGINES, plainFront } from '../contract/engines.ts';
import { observe, startStage } from '../contract/stage.ts';

/**
 * A request that was refused, and another one pipelined behind it in the same piece: node:http handed the second one on before the refusal
 * had closed the connection, and over a warm connection it reached the endpoint. Where the first one ends is anybody's guess, so
 * that was a way to smuggle.
 */
const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';
const OLD = 'POST / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n';
const CHUNKS = '2\r\nhi\r\n0\r\n\r\n';
const REFUSED: readonly (readonly [name: string, bytes: string, status: string])[] = [
  ['chunks in HTTP/1.0', OLD + CHUNKS, '400'],
  ['two Hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', '400'],
  ['no Host', 'GET / HTTP/1.1\r\n\r\n', '400'],
  [
    'a coding that nobody undoes',
    `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n${CHUNKS}`,
    '501',
  ],
  ['HTTP/2.0', 'GET / HTTP/2.0\r\nHost: a\r\n\r\n', '505'],
];
const BEHIND = {
  'a request': SMUGGLED,
  'two requests': SMUGGLED + SMUGGLED,
  'an upgrade': SMUGGLED.replace('\r\n\r\n', '\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
  'one that expects to be asked': SMUGGLED.replace(
    '\r\n\r\n',
    '\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi',
  ),
};

describe.each(ENGINES)('accelerator %s', (engine) => {
  describe.each(Object.entries(BEHIND))('%s', (_, behind) => {
    test.each(REFUSED)('behind %s is not executed', async (_name, bytes, status) => {
      const stage = await startStage(plainFront(engine), {});
      const warm = await stage.client();
      // An absolute target goes to the general engine with either setting, whose connection to the origin is open then.
      warm.write('GET http://a/warm HTTP/1.1\r\nHost: a\r\n\r\n');
      await warm.answered(1);
      const client = await stage.client();
      client.write(bytes + behind);
      await client.ended();
      expect(client.answers.map(({ start }) => start.slice(9, 12))).toEqual([status]);
      const seen = await observe(stage);
      expect(seen.origins.flat().map(({ start }) => start)).toEqual(['GET /warm HTTP/1.1']);
      expect(stage.origin.connections.map((one) => one.bytes()).join('')).not.toContain('smuggled');
      expect(seen.cells).toMatchObject({ 'total bad-request': 1, success: 1 });
    });
  });
});
