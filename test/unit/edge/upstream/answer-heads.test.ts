import type { Socket } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UpstreamConnection } from '../../../../src/edge/upstream/connection.ts';
import type { UpstreamHandler, UpstreamHome } from '../../../../src/edge/upstream/connection-handler.ts';
import { responseHeadText } from '../../../../src/edge/wire/grammar/head-text.ts';

const DATE = 'Date: Sat, 28 Nov 2026 12:00:00 GMT\r\n';
/** Heads, and what comes behind each. */
const ANSWERS: readonly (readonly [head: string, body: string])[] = [
  [`HTTP/1.1 200 OK\r\n${DATE}Content-Length: 5\r\n\r\n`, 'hello'],
  [`HTTP/1.1 200 OK\r\n${DATE}Content-Length: 6\r\nKeep-Alive: timeout=7\r\n\r\n`, 'hello!'],
  [`HTTP/1.1 404 Not Found\r\n${DATE}Content-Length: 0\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n`, ''],
  [`HTTP/1.1 200 OK\r\n${DATE}Transfer-Encoding: chunked\r\nTrailer: x\r\n\r\n`, '0\r\n\r\n'],
  [`HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 200 OK\r\n${DATE}Content-Length: 5\r\n\r\n`, 'hello'],
  [`HTTP/1.1 204 No Content\r\n${DATE}X: \xe9\r\n\r\n`, ''],
  [`HTTP/1.1 200 OK\r\n${DATE}Connection: close\r\nContent-Length: 5\r\n\r\n`, 'hello'],
  [`HTTP/1.1 200 OK\n${DATE}Content-Length: 05\r\n\r\n`, 'hello'],
  [`HTTP/1.1 200 OK\r\n${DATE}Content-Length: 5\r\nContent-Length: 6\r\n\r\n`, 'hello'],
];

const reads = fc.array(
  fc.record({
    answer: fc.constantFrom(...ANSWERS),
    cut: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 60 })),
    headRequest: fc.boolean(),
    spoilt: fc.boolean(),
  }),
  { maxLength: 20 },
);

test('whatever was answered before on a connection, an answer is read as if it were the first', () => {
  fc.assert(
    fc.property(reads, (all) => {
      const used = opened();
      for (const { answer, cut, headRequest, spoilt } of all) {
        const text = headRequest ? answer[0] : answer.join('');
        const expected = read(opened(), text, 0, headRequest);
        expect(read(used, text, cut, headRequest)).toEqual(expected);
        if (used.closed) break;
        // Whoever takes the answer may say that the connection is not to be used again.
        if (spoilt) used.head.keepAlive = false;
      }
    }),
    { numRuns: 500 },
  );
});

test('an answer with the same head is not read again', () => {
  const one = opened();
  for (const again of [false, false, true, true]) {
    read(one, ANSWERS[0]!.join(''), 0, false);
    expect(one.head.again).toBe(again);
  }
  read(one, ANSWERS[1]!.join(''), 0, false);
  expect(one.head.again).toBe(false);
});

function opened(): UpstreamConnection {
  const home: UpstreamHome<UpstreamConnection> = { release: () => {}, foundQuiet: () => {}, gone: () => {} };
  const connection = new UpstreamConnection(home, { host: '127.0.0.1', port: 80 });
  connection.socket = { destroy: () => {}, pause: () => {}, resume: () => {} } as unknown as Socket;
  return connection;
}

/** Has a connection read an answer, in two pieces where it is `cut`; what its handler was told. */
function read(connection: UpstreamConnection, answer: string, cut: number, headRequest: boolean): readonly unknown[] {
  const told: unknown[] = [];
  const handler = {
    interim: ({ head }) => told.push(['interim', head.status, head.lines]),
    answered: (upstream) => {
      const { status, reason, lines, length, keepAlive, keepAliveMs, dated, upgrade } = upstream.head;
      const text = responseHeadText(upstream, 'X-Request-Id: id\r\n');
      told.push([status, reason, lines, length, keepAlive, keepAliveMs, dated, upgrade, upstream.framing, text]);
    },
    more: () => {},
    upstreamFailed: (cause, kind) => told.push(['failed', cause, kind]),
    faulted: (error) => {
      throw error;
    },
    switched: () => told.push('switched'),
    upstreamDrained: () => {},
  } satisfies UpstreamHandler<UpstreamConnection>;
  connection.begin(handler, headRequest, false);
  const bytes = Buffer.from(answer, 'latin1');
  const at = Math.min(cut, bytes.length - 1);
  for (const piece of at === 0 ? [bytes] : [bytes.subarray(0, at), bytes.subarray(at)]) {
    if (connection.closed) break;
    connection.nextBuffer().set(piece);
    connection.onRead(piece.length);
  }
  return told;
}
