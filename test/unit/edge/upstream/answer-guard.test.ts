import { describe, expect, test } from 'vitest';
import { AnswerGuard } from '../../../../src/edge/upstream/answer-guard.ts';
import { BadAnswer } from '../../../../src/edge/upstream/bad-answer.ts';
import { INTERIMS_MAX } from '../../../../src/edge/upstream/limits.ts';
import { ANSWER_HEAD_BYTES_MAX } from '../../../../src/table/answer-limits.ts';

/** What undici would read of an answer that comes in these pieces; or why it is none. */
function read(pieces: readonly string[], headRequest = false) {
  const guard = new AnswerGuard();
  guard.begin(headRequest);
  let text = '';
  for (const piece of pieces) {
    const taken = guard.take(Buffer.from(piece, 'latin1'));
    if (taken instanceof BadAnswer) return { text, bad: taken, guard };
    text += taken.toString('latin1');
  }
  return { text, bad: undefined, guard };
}

const CASES: readonly (readonly [sent: string, read: string, idle: boolean])[] = [
  ['HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', true],
  ['HTTP/1.1 200 OK\nContent-Length: \t2 \t\n\nok', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', true],
  [
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
    true,
  ],
  [
    'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok',
    true,
  ],
  ['HTTP/1.0 200 OK\r\n\r\nok', 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok', false],
  [
    'HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5\r\nTransfer-Encoding:\tChunked\t\r\nTrailer: X-T\r\n\r\n0002 ;a=b\r\nok\r\n0\r\nX-T: 1\r\nHost: x\r\n\r\n',
    'HTTP/1.1 200 OK\r\nTrailer: X-T\r\nTransfer-Encoding: chunked\r\nKeep-Alive: timeout=5\r\n\r\n002\r\nok\r\n0\r\nX-T: 1\r\n\r\n',
    true,
  ],
  ['HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n', 'HTTP/1.1 204 No Content\r\n\r\n', true],
  [
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 304 Not Modified\r\nETag: "e"\r\nContent-Length: 9\r\n\r\n',
    'HTTP/1.1 109 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 304 Not Modified\r\nETag: "e"\r\nContent-Length: 9\r\n\r\n',
    true,
  ],
];

describe('an answer is written anew, plainly, wherever it is cut', () => {
  test.each(CASES)('%j', (sent, expected, idle) => {
    for (let at = 0; at <= sent.length; at += 1) {
      const { text, guard } = read([sent.slice(0, at), sent.slice(at)]);
      expect([text, guard.idle]).toEqual([expected, idle]);
    }
    expect(read(sent.split('')).text).toBe(expected);
  });
});

test('to a HEAD it ends with its head', () => {
  const { text, guard } = read(['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'], true);
  expect([text, guard.idle]).toEqual(['HTTP/1.1 200 OK\r\n\r\n', true]);
});

test('what comes behind an answer goes through, for undici to close the connection', () => {
  const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
  expect(read([`${answer}x`]).text).toBe(`${answer}x`);
  expect(read([answer, 'HTTP/1.1 2']).text).toBe(`${answer}HTTP/1.1 2`);
  const chunks = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0;a\r\n\r\n';
  expect(read([`${chunks}poison`]).text).toBe(`${chunks.replace(';a', '')}poison`);
});

describe('what is no answer breaks the connection', () => {
  test.each([
    'not http\r\n\r\n',
    'HTTP/2.0 200 OK\r\n\r\n',
    'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
    'HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n',
    'HTTP/1.1 103 Early Hints\r\nConnection: close\r\n\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n',
    'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(INTERIMS_MAX + 1),
  ])('%j', (sent) => {
    expect(read([sent]).bad?.blame).toEqual({});
  });

  test('a head that is only too large is nobody’s fault', () => {
    const large = `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(ANSWER_HEAD_BYTES_MAX)}\r\n\r\n`;
    expect(read([large]).bad?.blame).toEqual({ blameless: true });
    expect(read([large.slice(0, -4)]).bad?.blame).toEqual({ blameless: true });
    expect(read([large.slice(100, 10), 'HTTP/1.1 200 OK\r\n\r\n']).bad).toBeUndefined();
  });
});
