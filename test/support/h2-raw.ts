import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { onTestFinished } from 'vitest';
import { Decoder } from '../../src/edge/frames/hpack/decoder.ts';
import { FieldList } from '../../src/edge/frames/hpack/field-list.ts';

/** A frame as it came: DATA and others with their payload, header blocks decoded. */
export type RawFrame = {
  readonly type: number;
  readonly flags: number;
  readonly id: number;
  readonly payload: Buffer;
  /** Of HEADERS: `name: value`. */
  readonly fields: readonly string[];
};

export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
export const T = {
  data: 0,
  headers: 1,
  priority: 2,
  rst: 3,
  settings: 4,
  push: 5,
  ping: 6,
  goaway: 7,
  window: 8,
  more: 9,
};
export const F = { end: 1, ack: 1, endHeaders: 4, padded: 8, priority: 32 };

export function frame(type: number, flags: number, id: number, payload: Uint8Array | string = ''): Buffer {
  const body = Buffer.from(payload as Uint8Array);
  const head = Buffer.alloc(9);
  head.writeUIntBE(body.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(id, 5);
  return Buffer.concat([head, body]);
}

export function uint32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, i * 4);
  return bytes;
}

export function settings(...pairs: readonly (readonly [id: number, value: number])[]): Buffer {
  const bytes = pairs.map(([id, value]) => {
    const pair = Buffer.alloc(6);
    pair.writeUInt16BE(id, 0);
    pair.writeUInt32BE(value, 2);
    return pair;
  });
  return frame(T.settings, 0, 0, Buffer.concat(bytes));
}

/** A header block of literals without indexing and without Huffman coding: names and values alternating. */
export function block(...fields: readonly string[]): Buffer {
  return Buffer.concat(
    fields.map((text, i) => {
      const bytes = Buffer.from(text, 'latin1');
      return Buffer.concat([Buffer.from(i % 2 === 0 ? [0] : []), integer(bytes.length), bytes]);
    }),
  );
}

function integer(value: number): Buffer {
  if (value < 127) return Buffer.from([value]);
  const bytes = [127];
  let rest = value - 127;
  for (; rest >= 128; rest >>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}

/** The fields of a request, as `block` wants them. */
export function request(more: Readonly<Record<string, string>> = {}, ...others: readonly string[]): string[] {
  const pseudo = { ':method': 'GET', ':scheme': 'http', ':path': '/', ':authority': 'shop.example', ...more };
  return [
    ...Object.entries(pseudo)
      .filter(([, value]) => value !== '-')
      .flat(),
    ...others,
  ];
}

export function headers(id: number, fields: readonly string[], flags = F.end | F.endHeaders): Buffer {
  return frame(T.headers, flags, id, block(...fields));
}

/** One connection of a client that says what it is told to say, and judges nothing. */
export class RawClient {
  readonly frames: RawFrame[] = [];
  readonly socket: Socket;
  /** Whether the server has ended its half. */
  ended = false;
  readonly #decoder = new Decoder();
  readonly #list = new FieldList();
  #bytes = Buffer.alloc(0);
  #waiting: (() => void)[] = [];

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('end', () => this.#end());
    socket.on('close', () => this.#end());
    socket.on('error', () => {});
  }

  write(...pieces: readonly Uint8Array[]): void {
    if (this.socket.writable) this.socket.write(Buffer.concat(pieces));
  }

  /** The first frame of which this is true, once it has come; undefined when the connection ends without it. */
  async until(wanted: (frame: RawFrame) => boolean): Promise<RawFrame | undefined> {
    for (;;) {
      const found = this.frames.find(wanted);
      if (found !== undefined || this.ended) return found;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  type(type: number, id?: number): Promise<RawFrame | undefined> {
    return this.until((one) => one.type === type && (id === undefined || one.id === id));
  }

  /** Whether what came last is a frame that is not whole. */
  get midway(): boolean {
    return this.#bytes.length > 0;
  }

  /** The code of the GOAWAY that ends the connection; -1 when it ends without one. */
  async goaway(): Promise<number> {
    const found = await this.until((one) => one.type === T.goaway && one.payload.readUInt32BE(4) !== 0);
    return found?.payload.readUInt32BE(4) ?? -1;
  }

  async close(): Promise<void> {
    while (!this.ended) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** The answer on a stream, once it has ended. */
  async answer(
    id: number,
  ): Promise<{ status: string; fields: readonly string[]; body: string; trailers: readonly string[] }> {
    await this.until((one) => one.id === id && (one.type === T.rst || (one.type <= 1 && (one.flags & F.end) !== 0)));
    const heads = this.frames.filter((one) => one.id === id && one.type === T.headers);
    const final = heads.findIndex(({ fields }) => fields[0]?.startsWith(':status: 1') !== true);
    const fields = heads[final]?.fields ?? [];
    const body = this.frames.filter((one) => one.id === id && one.type === T.data).map(({ payload }) => payload);
    const status = fields[0]?.slice(':status: '.length) ?? '';
    return { status, fields, body: Buffer.concat(body).toString('latin1'), trailers: heads[final + 1]?.fields ?? [] };
  }

  /** A PING is answered: whatever came before it has been dealt with, and the connection lives. */
  async ping(): Promise<boolean> {
    const opaque = Buffer.alloc(8);
    opaque.writeDoubleBE(Math.random());
    this.write(frame(T.ping, 0, 0, opaque));
    return (await this.until((one) => one.type === T.ping && one.payload.equals(opaque))) !== undefined;
  }

  #read(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    while (this.#bytes.length >= 9) {
      const length = this.#bytes.readUIntBE(0, 3);
      if (this.#bytes.length < 9 + length) break;
      const [type, flags] = [this.#bytes[3] as number, this.#bytes[4] as number];
      const payload = Buffer.from(this.#bytes.subarray(9, 9 + length));
      const id = this.#bytes.readUInt32BE(5) & 0x7f_ff_ff_ff;
      this.frames.push({ type, flags, id, payload, fields: type === T.headers ? this.#decode(payload) : [] });
      this.#bytes = this.#bytes.subarray(9 + length);
    }
    this.#wake();
  }

  #decode(payload: Buffer): string[] {
    this.#list.begin(1e6, 1e7);
    if (this.#decoder.decode(payload, 0, payload.length, this.#list) !== 0)
      throw new Error('a header block that is none');
    return this.#list.fields.map(({ name, value }) => `${name.text}: ${value}`);
  }

  #end(): void {
    this.ended = true;
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

/** Connects, with TLS where there is an authority for it, and says nothing yet. */
export function connectRaw(port: number, ca?: string): RawClient {
  const socket =
    ca === undefined
      ? connectTcp(port, '127.0.0.1')
      : connectTls({ port, host: '127.0.0.1', ca, servername: 'localhost', ALPNProtocols: ['h2'] });
  onTestFinished(() => void socket.destroy());
  return new RawClient(socket);
}

/** The same, and says what is to be said first. */
export function startRaw(port: number, ca?: string, ...pairs: readonly (readonly [number, number])[]): RawClient {
  const client = connectRaw(port, ca);
  client.write(PREFACE, settings(...pairs), frame(T.settings, F.ack, 0));
  return client;
}
