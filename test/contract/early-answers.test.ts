import { expect, vi } from 'vitest';
import type { OriginConnection } from '../support/wire/recording-origin.ts';
import { contract, told } from './contract.ts';
import type { Stage } from './stage.ts';

/** An answer that comes while the client is still sending is readable, though it closes the connection. */

const MIB = 1_048_576;
const TOO_LARGE = 'HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno';

/** Sends a body for as long as it is taken, and reads nothing before. */
const stubborn =
  (head: string, framed: (piece: Buffer) => Buffer) =>
  async (stage: Stage): Promise<void> => {
    const client = await stage.client();
    client.socket.pause();
    client.write(head);
    const piece = framed(Buffer.alloc(MIB / 4, 'x'));
    for (let sent = 0; sent < 24 * MIB && !client.socket.destroyed; sent += piece.length) {
      if (!client.socket.write(piece)) {
        await Promise.race([
          new Promise((resolve) => client.socket.once('drain', resolve)),
          new Promise((resolve) => client.socket.once('close', resolve)),
        ]);
      }
    }
    client.socket.resume();
    await client.answered(1);
  };

const chunk = (piece: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]);

contract('answers before the end of the request', [
  ...[
    { name: 'a length', line: `Content-Length: ${25 * MIB}`, framed: (piece: Buffer) => piece },
    { name: 'chunks', line: 'Transfer-Encoding: chunked', framed: chunk },
  ].map(({ name, line, framed }) => ({
    name: `an early 413 to a body with ${name}, and a client that sends all of it before it reads`,
    origins: [
      {
        head: (to: OriginConnection) => {
          to.write(TOO_LARGE);
          to.socket.resume();
        },
        answer: '',
      },
    ],
    play: stubborn(`POST / HTTP/1.1\r\nHost: a\r\n${line}\r\n\r\n`, framed),
    expect: (seen: Parameters<typeof told>[0]) => {
      expect(told(seen)).toEqual(['413 no']);
      expect(seen.records).toEqual(['POST / 413 complete [aws success 413]']);
    },
  })),
  {
    name: 'a host that no service has, and a client that sends all of its body before it reads',
    play: stubborn(`POST / HTTP/1.1\r\nHost: nobody\r\nContent-Length: ${25 * MIB}\r\n\r\n`, (piece) => piece),
    service: '    match: { hosts: [somebody] }',
    expect: (seen) => expect(told(seen)[0]).toMatch(/^404 /),
  },
  {
    name: 'garbage, and much more of it',
    play: stubborn('POST what? HTTP/1.1\r\nHost: a\r\n\r\n', (piece) => piece),
    expect: (seen) => expect(told(seen)[0]).toMatch(/^400 /),
  },
  {
    name: 'one connection has one request in flight, however many it sends',
    service: '    timeouts: { first_byte: 20s }',
    play: async (stage) => {
      const client = await stage.client();
      let most = 0;
      const watch = setInterval(() => {
        most = Math.max(most, ...stage.rig.table.live.inFlight);
      }, 1);
      client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(1000));
      await vi.waitFor(() => expect(client.answers.length).toBe(1000), { timeout: 20_000 });
      clearInterval(watch);
      expect(most).toBeLessThanOrEqual(1);
    },
    expect: (seen) => expect(told(seen)).toHaveLength(1000),
  },
]);
