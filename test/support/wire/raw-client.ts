import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { type Message, MessageReader, valuesOf } from './message-reader.ts';

/** Every wait of a test for the other side ends after this long. */
const WAIT_MS_MAX = 3000;

/** A client on a bare socket: what it writes goes out as it is, and what comes back is read by the letter. */
export class RawClient {
  readonly socket: Socket;
  /** Answers as they came, interim ones too. */
  readonly messages: Message[] = [];
  readonly reader: MessageReader;
  /** `broken`: ended inside of an answer, or reset. */
  ending: 'open' | 'ended' | 'broken' = 'open';
  #bytes = 0;
  readonly #waiting = new Set<() => void>();

  constructor(socket: Socket, methods: readonly string[]) {
    this.socket = socket;
    this.reader = new MessageReader({
      side: { methodOf: (nth) => methods[nth] ?? 'GET' },
      message: (message) => this.messages.push(message),
    });
    socket.on('data', (bytes: Buffer) => {
      this.#bytes += bytes.length;
      this.reader.push(bytes);
      this.#changed();
    });
    socket.on('end', () => this.reader.finish());
    socket.on('error', () => {
      this.ending = 'broken';
    });
    socket.once('close', () => {
      if (this.ending === 'open') this.ending = this.reader.inside ? 'broken' : 'ended';
      this.#changed();
    });
  }

  /** The final answers. */
  get answers(): readonly Message[] {
    return this.messages.filter(({ start }) => !start.startsWith('HTTP/1.1 1') || start.startsWith('HTTP/1.1 101'));
  }

  get bytesRead(): number {
    return this.#bytes;
  }

  write(bytes: string): void {
    this.socket.write(bytes, 'latin1');
  }

  /** Writes piece by piece, each after the one before has been taken off the loop's hands. */
  async writeApart(pieces: readonly string[]): Promise<void> {
    for (const piece of pieces) {
      this.write(piece);
      await turns(3);
    }
  }

  /** Waits until something holds of what has come; rejects with what has come when it does not in time. */
  async until(what: string, holds: (client: RawClient) => boolean): Promise<void> {
    if (holds(this)) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const check = (): void => {
      if (holds(this)) resolve();
    };
    const timer = setTimeout(() => reject(new Error(`waited for ${what}; ${this.#story()}`)), WAIT_MS_MAX);
    this.#waiting.add(check);
    await promise.finally(() => {
      clearTimeout(timer);
      this.#waiting.delete(check);
    });
  }

  /** Waits for so many final answers or the end of the connection, and for the end where an answer announces it. */
  async answered(count: number): Promise<void> {
    await this.until(`${count} answers`, () => this.ending !== 'open' || this.answers.length >= count);
    const last = this.answers.at(-1);
    if (last !== undefined && valuesOf(last.headers, 'connection').join().toLowerCase() === 'close') await this.ended();
  }

  async ended(): Promise<void> {
    await this.until('the end', () => this.ending !== 'open');
  }

  #changed(): void {
    for (const check of this.#waiting) check();
  }

  #story(): string {
    const { problem = 'none', rest } = this.reader;
    const starts = this.messages.map(({ start }) => start).join(', ');
    return `came: [${starts}], rest ${JSON.stringify(rest.slice(0, 200))}, problem ${problem}, ${this.ending}`;
  }
}

/** Connects; `methods` are those of the requests that will be sent, for the framing of their answers. */
export async function dialRaw(port: number, methods: readonly string[] = []): Promise<RawClient> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  const client = new RawClient(socket, methods);
  socket.on('end', () => socket.end());
  await once(socket, 'connect');
  return client;
}

/** Lets the event loop turn, so that what has been written can be read by whoever lives in this process. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await new Promise((resolve) => setImmediate(resolve));
}
