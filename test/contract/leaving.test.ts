import { expect, vi } from 'vitest';
import { turns } from '../support/wire/raw-client.ts';
import type { OriginConnection } from '../support/wire/recording-origin.ts';
import { contract, told } from './contract.ts';
import type { Stage } from './stage.ts';

/** Clients that leave, and sides that are slow. */
const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const SILENT = { origins: [{ answer: () => {} }] };
const inFlight = ({ rig }: Stage): number => [...rig.table.live.inFlight].reduce((sum, count) => sum + count, 0);

async function soon(what: string, holds: () => boolean): Promise<void> {
  await vi.waitUntil(holds, { timeout: 3000, interval: 5 }).catch(() => {
    throw new Error(`${what} did not happen`);
  });
}

const cancelled = async ({ origin }: Stage): Promise<void> =>
  soon('closing of the connection to the origin', () => origin.connections.every(({ closed }) => closed));

contract('the client leaves', [
  {
    name: 'in the middle of its head: nobody hears of it',
    play: async (stage) => {
      const client = await stage.client();
      client.write('GET / HTTP/1.1\r\nHos');
      await turns(5);
      client.socket.destroy();
      await turns(5);
    },
    expect: (seen) => {
      expect(seen.records).toEqual([]);
      expect(seen.origins.flat()).toEqual([]);
    },
  },
  ...(['destroy', 'resetAndDestroy'] as const).map((how) => ({
    name: `before the answer (${how}): the request is cancelled`,
    ...SILENT,
    play: async (stage: Stage) => {
      const client = await stage.client();
      client.write(GET);
      await soon('arrival', () => stage.origin.requests.length === 1);
      expect(inFlight(stage)).toBe(1);
      client.socket[how]();
      await cancelled(stage);
    },
    expect: (seen: Parameters<typeof told>[0]) => {
      expect(seen.records).toEqual(['GET / 499 client-gone [aws abandoned 0]']);
      expect(seen.cells).toEqual({ 'service client-gone': 1, 'outcome abandoned': 1, 'sli aborted': 1 });
    },
  })),
  {
    name: 'in the middle of its body: the request is cancelled, and the endpoint is not blamed',
    play: async (stage) => {
      const client = await stage.client();
      client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nsome');
      await soon('arrival', () => stage.origin.connections[0]?.bytes().endsWith('some') === true);
      client.socket.resetAndDestroy();
      await cancelled(stage);
    },
    expect: (seen) => {
      expect(seen.origins.flat()).toEqual([]);
      expect(seen.records).toEqual(['POST / 499 client-gone [aws abandoned 0]']);
    },
  },
  ...[
    ['a body with a length', 'Content-Length: 100\r\n\r\nsome'],
    ['chunks', 'Transfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n'],
  ].map(([name, bytes]) => ({
    name: `with an end in the middle of ${name}: it gets a refusal, and the endpoint is not blamed`,
    play: async (stage: Stage) => {
      const client = await stage.client();
      client.write(`POST / HTTP/1.1\r\nHost: a\r\n${bytes}`);
      await soon('arrival', () => stage.origin.connections[0]?.bytes().includes('some') === true);
      client.socket.end();
      await client.ended();
      await cancelled(stage);
    },
    expect: (seen: Parameters<typeof told>[0]) => {
      expect(seen.origins.flat()).toEqual([]);
      expect(seen.records).toEqual(['POST / 499 client-gone [aws abandoned 0]']);
      expect(told(seen).filter((line) => !line.startsWith('400'))).toEqual([]);
    },
  })),
  {
    name: 'in the middle of the answer: it is cancelled',
    origins: [{ answer: (_, to) => to.write('HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\npart') }],
    play: async (stage) => {
      const client = await stage.client();
      client.write(GET);
      await client.until('a part', ({ bytesRead }) => bytesRead > 80);
      client.socket.destroy();
      await cancelled(stage);
    },
    expect: (seen) => {
      expect(seen.records).toEqual(['GET / 200 client-gone [aws abandoned 200]']);
      expect(seen.cells).toMatchObject({ 'service client-gone': 1, 'sli aborted': 1 });
    },
  },
  {
    name: 'with pipelined requests open: all are cancelled',
    ...SILENT,
    play: async (stage) => {
      const client = await stage.client();
      client.write(GET + GET);
      await soon('arrival', () => stage.origin.requests.length >= 1);
      client.socket.destroy();
      await cancelled(stage);
    },
    expect: (seen) => {
      expect(seen.records).toEqual(['GET / 499 client-gone [aws abandoned 0]']);
      expect(seen.cells).not.toHaveProperty('success');
    },
  },
  {
    name: 'with its half of the connection, before the answer: that is leaving too',
    ...SILENT,
    play: async (stage) => {
      const client = await stage.client();
      client.write(GET);
      await soon('arrival', () => stage.origin.requests.length === 1);
      client.socket.end();
      await client.ended();
      await cancelled(stage);
    },
    expect: (seen) => {
      expect(told(seen)).toEqual([]);
      expect(seen.records).toEqual(['GET / 499 client-gone [aws abandoned 0]']);
    },
  },
]);

const MIB = 1_048_576;
const BIG = 64 * MIB;
/** What may be on its way between two sockets that nobody reads from: the buffers of both connections, and ours. */
const ON_ITS_WAY_MAX = 24 * MIB;

/** Writes as much as is taken, up to `BIG`, and says how much that was. */
function flood(
  socket: Pick<OriginConnection['socket'], 'on' | 'off'> & { write(bytes: Buffer): boolean },
  done: () => void,
): { readonly taken: () => number } {
  const piece = Buffer.alloc(MIB / 4, 'x');
  let taken = 0;
  const more = (): void => {
    while (taken < BIG) {
      taken += piece.length;
      if (!socket.write(piece)) return;
    }
    socket.off('drain', more);
    done();
  };
  socket.on('drain', more);
  more();
  return { taken: () => taken };
}

/** Waits until a count has stopped growing. */
async function still(count: () => number): Promise<number> {
  for (let before = -1; before !== count(); await new Promise((resolve) => setTimeout(resolve, 100))) before = count();
  return count();
}

contract('backpressure', [
  {
    name: 'a client that does not read stops the origin; what it gets in the end is whole',
    play: async (stage) => {
      const client = await stage.client();
      client.socket.pause();
      client.write(GET);
      await soon('arrival', () => stage.origin.requests.length === 1);
      const to = stage.origin.connections[0] as OriginConnection;
      const flow = flood(to.socket, () => {
        to.answered += 1;
      });
      expect(await still(flow.taken)).toBeLessThan(ON_ITS_WAY_MAX);
      client.socket.resume();
      await client.answered(1);
    },
    origins: [{ answer: (_, to) => to.write(`HTTP/1.1 200 OK\r\nContent-Length: ${BIG}\r\n\r\n`) }],
    expect: (seen) => expect(told(seen)[0]).toMatch(new RegExp(`^200 \\(${BIG} bytes`)),
  },
  {
    name: 'an origin that does not read stops the client; what it gets in the end is whole',
    play: async (stage) => {
      const client = await stage.client();
      client.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${BIG}\r\n\r\n`);
      await soon('arrival', () => stage.origin.connections.length === 1);
      const to = stage.origin.connections[0] as OriginConnection;
      to.socket.pause();
      const flow = flood(client.socket, () => {});
      expect(await still(flow.taken)).toBeLessThan(ON_ITS_WAY_MAX);
      to.socket.resume();
      await client.answered(1);
    },
    expect: (seen) => {
      expect(told(seen)).toEqual(['200 ok']);
      expect(seen.origins[0]?.[0]?.body).toMatch(new RegExp(`^\\(${BIG} bytes`));
    },
  },
  {
    name: 'a head that does not come in time is given up',
    edge: ', head_timeout: 100ms',
    play: 'GET / HTTP/1.1\r\nHos',
    expect: (seen) => {
      expect(told(seen)[0]).toMatch(/^408 /);
      expect(seen.clients[0]?.ending).toBe('ended');
    },
  },
  {
    name: 'an answer that stops in the middle is broken off after the idle time',
    service: '    timeouts: { idle: 1s }',
    origins: [{ answer: (_, to) => to.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart') }],
    play: GET,
    expect: (seen) => {
      expect(seen.clients[0]).toMatchObject({ answers: [], ending: 'broken' });
      expect(seen.records).toEqual(['GET / 200 broken [aws idle-timeout 200]']);
    },
  },
]);
