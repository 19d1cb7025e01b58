import { EventEmitter, once } from 'node:events';
import { STATUS_CODES } from 'node:http';
import { type ClientHttp2Session, type ClientHttp2Stream, connect as connectH2, constants } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Message } from './message-reader.ts';
import { type RawClient, turns } from './raw-client.ts';
import { chunkBytesOf, fieldOf, framingOf, NotInHttp2, oneOf, type TextField } from './scenario-text.ts';
import { type TextFraming, TextReader, type TextTaker } from './text-reader.ts';

/** Every wait of a test for the other side ends after this long. */
const H2_WAIT_MS_MAX = 10_000;
/** node:http2 takes 128 of itself. */
export const FIELDS_MAX = 2000;

/** What a scenario sees of a client, whatever that speaks. */
export type ContractClient = Pick<
  RawClient,
  'messages' | 'answers' | 'ending' | 'bytesRead' | 'write' | 'writeApart' | 'ended' | 'answered'
> & {
  readonly socket: Pick<
    Socket,
    'destroyed' | 'writable' | 'pause' | 'resume' | 'on' | 'off' | 'once' | 'end' | 'destroy' | 'resetAndDestroy'
  > & { write(bytes: Buffer): boolean };
  readonly reader: Pick<RawClient['reader'], 'rest' | 'problem'>;
  until(what: string, holds: (client: ContractClient) => boolean): Promise<void>;
};

type Asked = { readonly stream: ClientHttp2Stream; readonly method: string };

/**
 * A client that says in HTTP/2, by node:http2, what a scenario writes in HTTP/1.1, and tells what it hears as if it were HTTP/1.1. Its
 * requests are asked one after the other, as they are there; node:http2 judges each frame that comes.
 */
class H2Client implements ContractClient {
  readonly messages: Message[] = [];
  /** `broken`: a stream was reset, or the connection has failed, before its answer was whole. */
  ending: 'open' | 'ended' | 'broken' = 'open';
  bytesRead = 0;
  readonly reader: { rest: string; problem: string | undefined } = { rest: '', problem: undefined };
  readonly socket: ContractClient['socket'];
  readonly #tcp: Socket;
  readonly #session: ClientHttp2Session;
  readonly #text: TextReader;
  readonly #events = new EventEmitter().setMaxListeners(0);
  /** The request that has no whole answer yet, and the one whose body is being written. */
  #asked: Asked | undefined;
  #writing: ClientHttp2Stream | undefined;
  #trailers: Record<string, string[]> = {};
  #paused = false;

  constructor(tcp: Socket, session: ClientHttp2Session) {
    this.#tcp = tcp;
    this.#session = session;
    this.#text = new TextReader(this.#taker());
    this.socket = this.#facade();
    session.on('error', (error) => {
      if (!error.message.startsWith('read ECONNRESET')) this.reader.problem ??= error.message;
      this.#over('broken');
    });
    session.on('close', () => this.#over(this.#asked === undefined ? 'ended' : 'broken'));
    session.on('goaway', (code) => {
      if (code !== constants.NGHTTP2_NO_ERROR) this.#over('broken');
    });
  }

  get answers(): readonly Message[] {
    return this.messages.filter(({ start }) => !start.startsWith('HTTP/1.1 1'));
  }

  write(text: string): void {
    this.#text.push(text);
  }

  async writeApart(pieces: readonly string[]): Promise<void> {
    for (const piece of pieces) {
      this.write(piece);
      await turns(3);
    }
  }

  async until(what: string, holds: (client: ContractClient) => boolean): Promise<void> {
    const signal = AbortSignal.timeout(H2_WAIT_MS_MAX);
    while (!holds(this)) {
      await once(this.#events, 'changed', { signal }).catch(() => {
        const starts = this.messages.map(({ start }) => start).join(', ');
        throw new Error(`waited for ${what}; came: [${starts}], ${this.ending}, ${this.reader.problem}`);
      });
    }
  }

  async answered(count: number): Promise<void> {
    await this.until(`${count} answers`, () => this.ending !== 'open' || this.answers.length >= count);
  }

  async ended(): Promise<void> {
    await this.until('the end', () => this.ending !== 'open');
  }

  #taker(): TextTaker {
    const trailers: TextField[] = [];
    return {
      skipsEmptyLines: true,
      ready: () => this.#asked === undefined && this.ending === 'open',
      head: (start, lines) => {
        const fields = lines.map(fieldOf);
        const [, method = '', target = '', version] = /^(\S+) (.+) HTTP\/(\d\.\d)$/.exec(start) ?? [];
        if (version !== '1.1') throw new NotInHttp2(start.slice(0, 80));
        const framing = framingOf(fields) ?? 0;
        this.#ask(method, requestFields(method, target, fields), framing);
        return framing;
      },
      chunkBytes: chunkBytesOf,
      body: (text) => void this.#body(Buffer.from(text, 'latin1')),
      trailer: (line) => void trailers.push(fieldOf(line)),
      end: () => this.#endBody(trailers.splice(0)),
    };
  }

  #ask(method: string, fields: readonly string[], framing: TextFraming): void {
    const stream = this.#session.request([...fields], {
      endStream: framing === 0,
      waitForTrailers: framing === 'chunked',
    });
    stream.setEncoding('latin1');
    stream.on('wantTrailers', () => stream.sendTrailers(this.#trailers));
    this.#asked = { stream, method };
    this.#writing = framing === 0 ? undefined : stream;
    this.#listen(this.#asked);
  }

  #listen({ stream, method }: Asked): void {
    const body: string[] = [];
    let start = '';
    let headers: string[] = [];
    let trailers: string[] = [];
    const head = (fields: readonly string[]): void => {
      [start, headers] = headOf(fields);
      this.bytesRead += start.length + headers.join().length;
      if (start.startsWith('HTTP/1.1 1'))
        this.messages.push({ start, headers, body: '', framing: 'none', trailers: [] });
      this.#changed();
    };
    stream.on('headers', (_, _flags, raw: readonly string[]) => head(raw));
    stream.on('response', (_, _flags, raw: readonly string[]) => head(raw));
    stream.on('trailers', (_, _flags, raw: readonly string[]) => {
      trailers = [...raw];
    });
    stream.on('data', (text: string) => {
      body.push(text);
      this.bytesRead += text.length;
      this.#changed();
    });
    stream.on('drain', () => this.#events.emit('drain'));
    let whole = false;
    stream.on('end', () => {
      whole = start !== '' && stream.rstCode === constants.NGHTTP2_NO_ERROR;
      if (!whole) return;
      this.messages.push({
        start,
        headers,
        body: body.join(''),
        framing: framingOfAnswer(start, headers, method),
        trailers,
      });
      this.#asked = undefined;
      this.#changed();
      // The next one is asked when this one's body has been written, which is passed over once the stream is closed.
      setImmediate(() => this.#text.go());
    });
    stream.on('error', () => {});
    stream.on('close', () => {
      if (!whole) this.#over('broken');
      this.#events.emit('drain');
    });
    if (this.#paused) stream.pause();
  }

  /** What belongs to a stream that is no more is passed over. */
  #body(bytes: Buffer): boolean {
    const stream = this.#writing;
    return stream === undefined || stream.destroyed || stream.closed || stream.write(bytes);
  }

  #endBody(trailers: readonly TextField[]): void {
    this.#trailers = {};
    for (const [name, value] of trailers) {
      (this.#trailers[name.toLowerCase()] ??= []).push(value);
    }
    const stream = this.#writing;
    this.#writing = undefined;
    if (stream !== undefined && !stream.destroyed && !stream.closed) stream.end();
  }

  #facade(): ContractClient['socket'] {
    const tcp = this.#tcp;
    const isOpen = (): boolean => this.ending === 'open';
    const named = (event: string): string => (event === 'close' ? 'over' : event);
    const rest = (paused: boolean): Socket => {
      this.#paused = paused;
      if (paused) this.#asked?.stream.pause();
      else this.#asked?.stream.resume();
      return tcp;
    };
    const once = (event: string, taker: () => void): Socket => {
      if (event === 'drain') this.#watch();
      this.#events.once(named(event), taker);
      return tcp;
    };
    const facade = {
      get destroyed() {
        return !isOpen();
      },
      get writable() {
        return isOpen();
      },
      on: (event: string, taker: () => void) => {
        this.#events.on(named(event), taker);
        return tcp;
      },
      off: (event: string, taker: () => void) => {
        this.#events.off(named(event), taker);
        return tcp;
      },
      once,
      pause: () => rest(true),
      resume: () => rest(false),
      write: (bytes: Buffer) => {
        this.#text.push(bytes.toString('latin1'));
        return this.#writing === undefined || this.#writing.closed || !this.#writing.writableNeedDrain;
      },
      end: () => tcp.end(),
      destroy: () => {
        // Who leaves takes back what it has asked for.
        this.#asked?.stream.close(constants.NGHTTP2_CANCEL);
        this.#session.close();
        return tcp;
      },
      resetAndDestroy: () => tcp.resetAndDestroy(),
    };
    return facade;
  }

  /** A stream that was ended by the other side takes no more, and says so only once it has been read. */
  #watch(): void {
    const stream = this.#writing;
    const timer = setInterval(() => {
      if (stream?.closed === false && this.ending === 'open') return;
      clearInterval(timer);
      this.#events.emit('drain');
    }, 5);
    this.#events.once('drain', () => clearInterval(timer));
  }

  #over(how: 'ended' | 'broken'): void {
    if (this.ending !== 'open') return;
    this.ending = how;
    this.#events.emit('over');
    this.#changed();
  }

  #changed(): void {
    this.#events.emit('changed');
  }
}

/** Fields of one connection of HTTP/1.1, which HTTP/2 does without (RFC 9113 §8.2.2). */
const OF_A_CONNECTION: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

function requestFields(method: string, target: string, fields: readonly TextField[]): string[] {
  const absolute = /^(https?):\/\/([^/?]*)(.*)$/i.exec(target);
  const host = oneOf(fields, 'host');
  const authority = absolute?.[2] ?? host;
  const list = [':method', method, ':scheme', 'http'];
  if (authority !== undefined) list.push(':authority', authority);
  list.push(':path', absolute === null ? target : slashed(absolute[3] as string));
  const named = fields.filter(([name]) => name.toLowerCase() === 'connection').map(([, value]) => value);
  if (!/^(?:(?:te|keep-alive)?[, ]*)*$/i.test(named.join())) throw new NotInHttp2(`Connection: ${named.join(', ')}`);
  for (const [name, value] of fields) {
    const lower = name.toLowerCase();
    if (lower === 'host' || lower === 'transfer-encoding') continue;
    if (OF_A_CONNECTION.has(lower) && lower !== 'connection') throw new NotInHttp2(name);
    if (lower !== 'connection') list.push(lower, value);
  }
  return list;
}

function slashed(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}

/** The first line that HTTP/1.1 would have, and the fields. */
function headOf(fields: readonly string[]): [start: string, headers: string[]] {
  const headers: string[] = [];
  let status = '';
  for (let i = 0; i < fields.length; i += 2) {
    if (fields[i] === ':status') status = fields[i + 1] as string;
    else headers.push(fields[i] as string, fields[i + 1] as string);
  }
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, headers];
}

function framingOfAnswer(start: string, headers: readonly string[], method: string): Message['framing'] {
  const status = start.slice(9, 12);
  if (method === 'HEAD' || status === '204' || status === '304') return 'none';
  return headers.some((name, i) => i % 2 === 0 && name === 'content-length') ? 'length' : 'chunked';
}

/** Connects without TLS, as one who knows that the other side speaks HTTP/2. */
export async function dialH2(port: number): Promise<H2Client> {
  const tcp = connect({ port, host: '127.0.0.1', noDelay: true });
  const session = connectH2(`http://127.0.0.1:${port}`, {
    createConnection: () => tcp,
    maxHeaderListPairs: FIELDS_MAX,
  });
  onTestFinished(() => session.destroy());
  const client = new H2Client(tcp, session);
  await once(session, 'connect');
  return client;
}
