import { connect } from 'node:net';
import { type Message, MessageReader } from '../support/wire/message-reader.ts';

/** What a client says on one connection, and how. */
export type Conversation = {
  readonly port: number;
  /** The client's own address on loopback, by which the origin tells it from others. */
  readonly address: string;
  /** Written one by one, each in a turn of the event loop of its own. */
  readonly pieces: readonly string[];
  /** The methods of its requests, for the framing of their answers. */
  readonly methods: readonly string[];
  /** After so many final answers it ends its side. */
  readonly answers: number;
};

export type Heard = {
  /** Final answers. */
  readonly answers: readonly Message[];
  readonly problem: string | undefined;
  /** Inside of an answer, or by a reset. */
  readonly broken: boolean;
  /** It did not come to an end. */
  readonly hung: boolean;
};

/** Nothing may take longer than this, on a machine that is busy with other things too. */
export const CONVERSATION_MS_MAX = 20_000;

/** Has a conversation to its end: the client's, after its answers, or the edge's, before. */
export function converse({ port, address, pieces, methods, answers }: Conversation): Promise<Heard> {
  const { promise, resolve } = Promise.withResolvers<Heard>();
  const heard: Message[] = [];
  let [broken, hung] = [false, false];
  const reader = new MessageReader({
    side: { methodOf: (nth) => methods[nth] ?? 'GET' },
    message: (message) => {
      if (!/^HTTP\/1\.1 1(?!01)/.test(message.start)) heard.push(message);
      if (heard.length >= answers) socket.end();
    },
  });
  const socket = connect({ port, host: '127.0.0.1', localAddress: address, noDelay: true }, () => write(0));
  const write = (nth: number): void => {
    if (nth >= pieces.length || !socket.writable) return;
    socket.write(pieces[nth] as string, 'latin1');
    if (nth + 1 < pieces.length) setImmediate(write, nth + 1);
    else if (answers === 0) socket.end();
  };
  const timer = setTimeout(() => {
    hung = true;
    socket.destroy();
  }, CONVERSATION_MS_MAX);
  socket.on('data', (bytes: Buffer) => reader.push(bytes));
  socket.on('end', () => reader.finish());
  socket.on('error', () => {
    broken = true;
  });
  socket.once('close', () => {
    clearTimeout(timer);
    resolve({ answers: heard, problem: reader.problem, broken: broken || reader.inside, hung });
  });
  return promise;
}

/** The `nth` address of 127/8; the first are left to others. */
export function addressOf(nth: number): string {
  const n = nth + 0x1_00_00;
  return `127.${(n >> 16) & 0xff}.${(n >> 8) & 0xff}.${n & 0xff}`;
}
