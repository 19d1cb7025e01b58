import { expect, vi } from 'vitest';
import { OK, type OriginConnection } from '../support/wire/recording-origin.ts';
import { arrived, contract, told } from './contract.ts';
import { type Stage, settled } from './stage.ts';

/** An answer that is no 101 to a request for an upgrade is an ordinary answer. */

const upgrade = (method = 'GET', ...lines: string[]): string =>
  [`${method} / HTTP/1.1`, 'Host: a', 'Connection: Upgrade', 'Upgrade: custom/1', ...lines, '', ''].join('\r\n');
const MIB = 1_048_576;
const SWITCHING = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: custom/1\r\n';

/** Plays until a part of the answer has come, and has the client leave then. */
const leaves =
  (bytes: number, how: 'reset' | 'end') =>
  async (stage: Stage): Promise<void> => {
    const client = await stage.client();
    client.write(upgrade());
    await client.until('a part', ({ bytesRead }) => bytesRead >= bytes);
    if (how === 'reset') client.socket.resetAndDestroy();
    else client.socket.destroy();
    await settled(stage);
  };

contract('answers to upgrades', [
  {
    name: 'events are passed on as they come; when the client leaves, the endpoint is let go of',
    origins: [{ answer: (_, to) => to.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n') }],
    play: leaves(100, 'end'),
    expect: (seen) => expect(seen.records).toEqual(['GET / 200 client-gone [aws abandoned 200]']),
  },
  {
    name: 'one that stalls behind its head, and a client that resets',
    origins: [{ answer: (_, to) => to.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n') }],
    play: leaves(20, 'reset'),
    expect: (seen) => expect(seen.records).toEqual(['GET / 200 client-gone [aws abandoned 200]']),
  },
  {
    name: 'one that stalls is broken off after the idle time',
    service: '    timeouts: { idle: 1s }',
    origins: [{ answer: (_, to) => to.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart') }],
    play: upgrade(),
    expect: (seen) => {
      expect(seen.clients[0]).toMatchObject({ answers: [], ending: 'broken' });
      expect(seen.records).toEqual(['GET / 200 broken [aws idle-timeout 200]']);
    },
  },
  {
    name: 'a large one is passed on whole',
    origins: [
      { answer: (_, to) => to.answer(`HTTP/1.1 200 OK\r\nContent-Length: ${5 * MIB}\r\n\r\n${'x'.repeat(5 * MIB)}`) },
    ],
    play: upgrade(),
    expect: (seen) => {
      expect(told(seen)[0]).toMatch(new RegExp(`^200 \\(${5 * MIB} bytes`));
      expect(seen.records).toEqual(['GET / 200 complete [aws success 200]']);
    },
  },
  {
    name: 'a client that does not read stops the endpoint',
    origins: [{ answer: (_, to) => to.write(`HTTP/1.1 200 OK\r\nContent-Length: ${64 * MIB}\r\n\r\n`) }],
    play: async (stage) => {
      const client = await stage.client();
      client.socket.pause();
      client.write(upgrade());
      await vi.waitFor(() => expect(stage.origin.requests).toHaveLength(1));
      const to = stage.origin.connections[0] as OriginConnection;
      const piece = Buffer.alloc(MIB / 4, 'x');
      let taken = 0;
      const more = (): void => {
        while (taken < 64 * MIB) {
          taken += piece.length;
          if (!to.socket.write(piece)) return;
        }
        to.answered += 1;
        to.socket.off('drain', more);
      };
      to.socket.on('drain', more);
      more();
      for (let before = -1; before !== taken; await new Promise((resolve) => setTimeout(resolve, 200))) before = taken;
      expect(taken).toBeLessThan(24 * MIB);
      client.socket.resume();
      await client.answered(1);
    },
    expect: (seen) => expect(told(seen)[0]).toMatch(new RegExp(`^200 \\(${64 * MIB} bytes`)),
  },
  {
    name: 'to a HEAD keeps its length',
    origins: [{ answer: 'HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n' }],
    methods: ['HEAD'],
    play: upgrade('HEAD'),
    expect: (seen) => {
      expect(told(seen)).toEqual(['200 ']);
      expect(seen.clients[0]?.answers[0]?.headers).toContain('content-length: 1234');
    },
  },
  ...[204, 304].map((status) => ({
    name: `a ${status} gains no length`,
    origins: [{ answer: `HTTP/1.1 ${status} X\r\nX-A: b\r\n\r\n` }],
    play: upgrade(),
    expect: (seen: Parameters<typeof told>[0]) => {
      expect(told(seen)).toEqual([`${status} `]);
      expect(seen.clients[0]?.answers[0]?.headers.join()).not.toMatch(/content-length|transfer-encoding/i);
    },
  })),
  ...['', 'Upgrade: custom/1\r\n', 'Connection: Upgrade\r\n'].map((lines) => ({
    name: `a 101 with ${JSON.stringify(lines)} switches to nothing`,
    service: '    retries: { attempts: 1 }',
    origins: [{ answer: (_: unknown, to: OriginConnection) => to.finish(`HTTP/1.1 101 X\r\n${lines}\r\n${OK}`) }],
    play: upgrade(),
    expect: (seen: Parameters<typeof told>[0]) => expect(told(seen)[0]).toMatch(/^502 /),
  })),
  {
    name: 'every protocol that is offered goes on, and every one that is said',
    origins: [{ answer: (_, to) => to.finish(`${SWITCHING}Upgrade: layer/2\r\n\r\nbytes`) }],
    play: async (stage) => {
      const client = await stage.client();
      client.write(upgrade('GET', 'Upgrade: other/2'));
      await client.until('bytes', ({ reader }) => reader.rest === 'bytes');
      client.socket.end();
      await client.ended();
    },
    expect: (seen) => {
      expect(arrived(seen).headers).toContain('Upgrade: custom/1, other/2');
      expect(seen.clients[0]?.answers[0]?.headers).toContain('Upgrade: custom/1, layer/2');
    },
  },
  {
    name: 'a 101 with a large head, to a request with Content-Length: 0',
    origins: [{ answer: (_, to) => to.finish(`${SWITCHING}X-Large: ${'x'.repeat(60_000)}\r\n\r\nbytes`) }],
    play: async (stage) => {
      const client = await stage.client();
      client.write(upgrade('POST', 'Content-Length: 0'));
      await client.until('bytes', ({ reader }) => reader.rest === 'bytes');
      client.socket.end();
      await client.ended();
    },
    expect: (seen) => {
      expect(told(seen)).toEqual(['101 ']);
      expect(seen.records).toEqual(['POST / 101 complete [aws success 101]']);
    },
  },
  {
    name: 'a 101 whose head is too large',
    service: '    retries: { attempts: 1 }',
    origins: [{ answer: (_, to) => to.finish(`${SWITCHING}X-Large: ${'x'.repeat(70_000)}\r\n\r\n`) }],
    play: upgrade(),
    expect: (seen) => expect(told(seen)[0]).toMatch(/^502 /),
  },
  ...[upgrade(), 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'].map((request) => ({
    name: `a 426 says what it wants to a request ${request.includes('Upgrade') ? 'for an upgrade' : 'for none'}`,
    origins: [
      {
        answer:
          'HTTP/1.1 426 Upgrade Required\r\nConnection: Upgrade\r\nUpgrade: custom/2\r\nUpgrade: TLS/1.3\r\nContent-Length: 2\r\n\r\nno',
      },
    ],
    play: request,
    expect: (seen: Parameters<typeof told>[0]) => {
      expect(told(seen)).toEqual(['426 no']);
      const said = seen.clients[0]?.answers[0]?.headers.join() ?? '';
      expect(said).toMatch(/connection: (?:.*, )?upgrade/);
      expect(said).toMatch(/Upgrade: custom\/2/);
      expect(said).toMatch(/TLS\/1\.3/);
    },
  })),
  {
    name: 'Upgrade to TLS on a plain GET, as Apache HttpClient says it, is no upgrade; what comes behind it is not left waiting',
    play: 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, keep-alive\r\nUpgrade: TLS/1.2\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n',
    answers: 2,
    expect: (seen) => {
      expect(told(seen)).toEqual(['200 ok']);
      expect(seen.clients[0]?.ending).toBe('ended');
      expect(arrived(seen).headers.join()).not.toMatch(/upgrade/i);
    },
  },
  {
    name: 'hints before a 101 are passed on',
    origins: [{ answer: (_, to) => to.finish(`HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${SWITCHING}\r\nbytes`) }],
    play: async (stage) => {
      const client = await stage.client();
      client.write(upgrade());
      await client.until('bytes', ({ reader }) => reader.rest === 'bytes');
      client.socket.end();
      await client.ended();
    },
    expect: (seen) => expect(told(seen)).toEqual(['103 ', '101 ']),
  },
]);
