import { Encoder } from '../../src/edge/frames/hpack/encoder.ts';
import { OutField } from '../../src/edge/frames/hpack/out-field.ts';
import { F, frame, settings, T, uint32 } from '../support/h2-raw.ts';

/** What has to come soon; more than one kind of end is right for most errors. */
export type Due =
  /** GOAWAY with one of these codes, or the end of the connection. */
  | { readonly connection: readonly number[] }
  /** The same, or RST_STREAM with one of them. */
  | { readonly stream: readonly number[] }
  /** GOAWAY, or RST_STREAM on the stream 1, with this code and nothing else. */
  | { readonly only: 'goaway' | 'reset'; readonly code: number }
  /** The connection ends; the answer to a PING comes, or either; a head comes on the stream 1; some DATA comes, or first of all so much. */
  | 'closed'
  | 'pong'
  | 'pong or closed'
  | 'head'
  | 'data'
  | 'settings first'
  | 'settings acknowledged'
  | { readonly firstData: number };

/** What a check can say: on each connection the tables of its header blocks go on. */
export type Says = {
  /** A block of a request for `/`, as clients encode it, with some fields changed, and others behind. */
  readonly block: (changed?: Readonly<Record<string, string>>, ...others: readonly string[]) => Buffer;
  readonly fields: (...fields: readonly string[]) => Buffer;
  readonly tls: boolean;
  /** What the server has said of itself. */
  readonly streamsMax: number;
};

export type Check = {
  readonly name: string;
  /** What is sent behind the handshake, or without one. */
  readonly send: (says: Says) => readonly (Uint8Array | Wait)[];
  readonly due: Due;
  readonly bare?: true;
};

/** Before the next frame is sent, this has to have come: the end of the stream 1, the acknowledgement of settings, or DATA. */
export type Wait = 'ended' | 'acknowledged' | 'some data';

export function saysOf(port: number, tls: boolean, streamsMax: number): Says {
  const encoder = new Encoder();
  const fields = (...texts: readonly string[]): Buffer => {
    const list: OutField[] = [];
    for (let i = 0; i < texts.length; i += 2) list.push(new OutField(texts[i] as string, texts[i + 1] as string));
    return Buffer.from(encoder.encode(list));
  };
  const block: Says['block'] = (changed = {}, ...others) => {
    const scheme = tls ? 'https' : 'http';
    const all = { ':method': 'GET', ':scheme': scheme, ':path': '/', ':authority': `127.0.0.1:${port}`, ...changed };
    const given = Object.entries(all).filter(([, value]) => value !== LEFT_OUT);
    return fields(...given.flat(), ...others);
  };
  return { block, fields, tls, streamsMax };
}

export const LEFT_OUT = '-';
export const POST = { ':method': 'POST' };
export const [PROTOCOL, FLOW, CLOSED, SIZE, REFUSED, COMPRESSION] = [1, 3, 5, 6, 7, 9] as const;
export const [END, HEADS] = [F.end, F.endHeaders];
export const BIG = 2 ** 31 - 1;
export const PING = frame(T.ping, 0, 0, Buffer.alloc(8));
export const NO_WINDOW = settings([4, 0]);

export const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
export const head = (block: Buffer, flags = END | HEADS, id = 1): Buffer => frame(T.headers, flags, id, block);
export const more = (block: Buffer, flags = HEADS, id = 1): Buffer => frame(T.more, flags, id, block);
export const data = (text = 'test', flags = END, id = 1): Buffer => frame(T.data, flags, id, text);
export const reset = (id = 1, code = 8): Buffer => frame(T.rst, 0, id, uint32(code));
export const priority = (id: number, on: number, weight = 255): Buffer =>
  frame(T.priority, 0, id, Buffer.concat([uint32(on), Buffer.from([weight])]));
export const window = (id: number, by: number): Buffer => frame(T.window, 0, id, uint32(by));
export const depending = (block: Buffer, on: number): Buffer =>
  frame(T.headers, END | HEADS | F.priority, 1, Buffer.concat([uint32(on), Buffer.from([255]), block]));
export const padded = (block: Buffer, length: number): Buffer =>
  frame(T.headers, END | HEADS | F.padded, 1, Buffer.concat([Buffer.from([length]), block, Buffer.alloc(length)]));
/** So many fields of 4,000 bytes: what one HEADERS frame has no room for, where they are many. */
export const dummies = ({ fields }: Says, count: number): Buffer =>
  fields(...Array.from({ length: count }, (_, i) => [`x-dummy${i}`, 'x'.repeat(4000)]).flat());

export const connection = (...codes: readonly number[]): Due => ({ connection: codes });
export const stream = (...codes: readonly number[]): Due => ({ stream: codes });

type Send = Check['send'];
export const check = (name: string, due: Due, send: Send): Check => ({ name, due, send });
export const bare = (name: string, due: Due, send: Send): Check => ({ name, due, send, bare: true });
/** A request that is malformed. */
export const malformed = (name: string, block: (says: Says) => Buffer): Check =>
  check(name, stream(PROTOCOL), (says) => [head(block(says))]);
/** A request with a field that is said in this way. */
export const represented = (name: string, bytes: string): Check =>
  check(name, 'head', ({ block }) => [head(Buffer.concat([block(), hex(bytes)]))]);
export const undecodable = (name: string, bytes: string): Check =>
  check(name, connection(COMPRESSION), ({ block }) => [head(Buffer.concat([block(), hex(bytes)]))]);

/** The preface and settings, as the checks without a handshake of theirs say them. */
export const PREFACE_AND_SETTINGS = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  settings([4, 65_535]),
]);
