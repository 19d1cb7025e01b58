import { once } from 'node:events';
import { constants, createServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { FIELDS_MAX } from './h2-client.ts';
import type { Message } from './message-reader.ts';
import type { OriginConnection, OriginScript, RecordingOrigin } from './recording-origin.ts';
import { chunkBytesOf, fieldOf, framingOf, NotInHttp2, type TextField } from './scenario-text.ts';
import { TextReader, type TextTaker } from './text-reader.ts';

/** An origin that speaks HTTP/2 by node:http2, and answers there what its script says in HTTP/1.1. Each of its streams is a connection to the script. */
export async function startH2RecordingOrigin(script: OriginScript): Promise<RecordingOrigin> {
  const connections: OriginConnection[] = [];
  const requests: Message[] = [];
  const sockets: Socket[] = [];
  const server = createServer({ maxHeaderListPairs: FIELDS_MAX, maxSendHeaderBlockLength: 200_000 });
  server.on('session', (session) => session.on('error', () => {}));
  server.on('connection', (socket: Socket) => sockets.push(socket));
  server.on('stream', (taken, _headers, flags, raw) => {
    const stream = taken as ServerHttp2Stream;
    // The session has a stand-in for its socket, which takes no orders.
    const socket = sockets.find(({ remotePort }) => remotePort === stream.session?.socket.remotePort) as Socket;
    const ended = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    const one = new OriginStream({ stream, socket, script, requests }, raw, ended);
    connections.push(one.connection);
    script.connected?.(one.connection, connections.length - 1);
    one.begin();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const kill = async (): Promise<void> => {
    const closed = server.listening ? once(server, 'close') : undefined;
    server.close();
    for (const socket of sockets) if (!socket.destroyed) socket.resetAndDestroy();
    await closed;
  };
  onTestFinished(kill);
  return { port: (server.address() as AddressInfo).port, connections, requests, kill };
}

type Parts = {
  readonly stream: ServerHttp2Stream;
  readonly socket: Socket;
  readonly script: OriginScript;
  readonly requests: Message[];
};

class OriginStream {
  readonly connection: OriginConnection;
  readonly #parts: Parts;
  readonly #start: string;
  readonly #headers: readonly string[];
  readonly #ended: boolean;
  readonly #answer: TextReader;
  readonly #body: string[] = [];
  #requestTrailers: readonly string[] = [];
  #trailers: Record<string, string[]> = {};
  #inside = true;

  constructor(parts: Parts, raw: readonly string[], ended: boolean) {
    this.#parts = parts;
    this.#ended = ended;
    [this.#start, this.#headers] = headOf(raw);
    this.#answer = new TextReader(this.#taker());
    this.connection = this.#facade();
    parts.stream.once('close', () => {
      this.connection.closed = true;
    });
    parts.stream.on('error', () => {});
    parts.stream.on('wantTrailers', () => parts.stream.sendTrailers(this.#trailers));
  }

  begin(): void {
    const { stream, script } = this.#parts;
    stream.setEncoding('latin1');
    stream.on('data', (text: string) => this.#body.push(text));
    stream.on('trailers', (_, _flags, raw: readonly string[]) => {
      this.#requestTrailers = raw;
    });
    stream.on('end', () => {
      if (!stream.aborted && stream.rstCode === constants.NGHTTP2_NO_ERROR) this.#whole();
    });
    script.head?.(this.connection, this.#start);
  }

  #whole(): void {
    const { script, requests } = this.#parts;
    this.#inside = false;
    const body = this.#body.join('');
    const framing = this.#headers.some((name, i) => i % 2 === 0 && name === 'content-length') ? 'length' : 'chunked';
    const message: Message = {
      start: this.#start,
      headers: this.#headers,
      body,
      framing: this.#ended ? 'none' : framing,
      trailers: this.#requestTrailers,
    };
    this.connection.requests.push(message);
    requests.push(message);
    if (typeof script.answer === 'string') this.connection.answer(script.answer);
    else void script.answer(message, this.connection, requests.length - 1);
  }

  /** What the script writes becomes frames. */
  #taker(): TextTaker {
    const { stream } = this.#parts;
    const method = this.#start.slice(0, this.#start.indexOf(' '));
    const trailers: TextField[] = [];
    return {
      skipsEmptyLines: true,
      ready: () => true,
      head: (start, lines) => {
        const fields = lines.map(fieldOf);
        const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(start)?.[1]);
        if (!(status >= 100 && status !== 101)) throw new NotInHttp2(start.slice(0, 80));
        const framing = framingOf(fields) ?? 'to-end';
        const raw = fields.filter(([name]) => !OF_A_CONNECTION.has(name.toLowerCase()));
        if (raw.length < fields.length && fields.some(([name]) => /^(?:connection|upgrade)$/i.test(name)))
          throw new NotInHttp2('Connection');
        if (stream.destroyed || stream.closed) return status < 200 ? 0 : framing;
        if (status < 200) {
          stream.additionalHeaders({ ':status': status, ...grouped(raw) });
          return 0;
        }
        const bodiless = method === 'HEAD' || status === 204 || status === 304;
        const list = [':status', String(status), ...raw.flatMap(([name, value]) => [name.toLowerCase(), value])];
        // A list keeps the order.
        stream.respond(list, { endStream: bodiless, waitForTrailers: !bodiless && framing === 'chunked' });
        return bodiless ? 0 : framing;
      },
      chunkBytes: chunkBytesOf,
      body: (text) => void (stream.destroyed || stream.write(Buffer.from(text, 'latin1'))),
      trailer: (line) => void trailers.push(fieldOf(line)),
      end: () => {
        this.#trailers = grouped(trailers.splice(0));
        if (stream.headersSent && !stream.writableEnded && !stream.destroyed) stream.end();
      },
    };
  }

  #facade(): OriginConnection {
    const { stream } = this.#parts;
    const isInside = (): boolean => this.#inside && !stream.destroyed;
    const say = (text: string): void => {
      this.connection.answered += 1;
      this.#answer.push(text);
    };
    return {
      socket: this.#socket(),
      requests: [],
      reader: {
        get inside() {
          return isInside();
        },
        problem: undefined,
      } as OriginConnection['reader'],
      bytes: () => `${this.#start}\r\n${this.#body.join('')}`,
      answered: 0,
      closed: false,
      write: (text) => this.#answer.push(text),
      answer: say,
      finish: (text) => {
        say(text);
        this.#answer.finish();
        if (this.#answer.inside) throw new NotInHttp2('an answer that is none');
      },
    };
  }

  /** Orders to the connection are orders to this stream where HTTP/2 has such, and to the whole connection where it has not. */
  #socket(): OriginConnection['socket'] {
    const { stream, socket } = this.#parts;
    const facade = {
      get destroyed() {
        return stream.destroyed;
      },
      write: (bytes: Buffer | string) => {
        this.#answer.push(bytes.toString('latin1'));
        return !stream.writableNeedDrain;
      },
      end: () => {
        if (this.#answer.toEnd) this.#answer.finish();
        else socket.end();
        return facade;
      },
      destroy: () => socket.destroy(),
      resetAndDestroy: () => socket.resetAndDestroy(),
      pause: () => stream.pause(),
      resume: () => stream.resume(),
      on: (event: string, taker: () => void) => stream.on(event, taker),
      off: (event: string, taker: () => void) => stream.off(event, taker),
    };
    return facade as unknown as OriginConnection['socket'];
  }
}

const OF_A_CONNECTION: ReadonlySet<string> = new Set(['connection', 'transfer-encoding', 'keep-alive', 'upgrade']);

function headOf(raw: readonly string[]): [start: string, headers: string[]] {
  const pseudo = new Map<string, string>();
  const headers: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const [name, value] = [raw[i] as string, raw[i + 1] as string];
    if (name.startsWith(':')) pseudo.set(name, value);
    else headers.push(name, value);
  }
  const authority = pseudo.get(':authority');
  return [
    `${pseudo.get(':method')} ${pseudo.get(':path')} HTTP/1.1`,
    authority === undefined ? headers : ['host', authority, ...headers],
  ];
}

function grouped(fields: readonly TextField[]): Record<string, string[]> {
  const groups: Record<string, string[]> = {};
  for (const [name, value] of fields) (groups[name.toLowerCase()] ??= []).push(value);
  return groups;
}
