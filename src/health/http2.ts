import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type IncomingHttpHeaders,
} from 'node:http2';
import type { Socket } from 'node:net';
import type { Clock } from '../table/clock.ts';
import { CHECK_PATH, checkRequest, servingIn } from './grpc-health.ts';
import { BODY_BYTES_MAX, type CheckProgress, type ConnectionSettings, noteLoad } from './undici.ts';

export type Http2Settings = ConnectionSettings & {
  /** Asks by the gRPC health checking protocol, for this service; empty: for the server as a whole. */
  readonly grpc: string | undefined;
};

/** One HTTP/2 connection for checks that is made when one needs it, and kept for the next one. */
export class Http2Connection {
  readonly #settings: Http2Settings;
  readonly #clock: Clock;
  #session: ClientHttp2Session | undefined;
  #destroyed: Error | undefined;

  constructor(settings: Http2Settings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  /**
   * GETs `path`, or asks for the health of a gRPC service, and fills `progress` on the way. Resolves when the answer has ended, or its body
   * has been dropped because it is long; rejects with the error of the connection, of the stream, of `destroy`, or with what gRPC says.
   */
  async get(path: string, host: string, progress: CheckProgress): Promise<void> {
    const session = await this.#connected(progress);
    const { grpc, protocol } = this.#settings;
    const common = { ':authority': host, ':scheme': protocol, 'user-agent': 'meridian-health' };
    progress.phase = 'waiting';
    const sentMs = this.#clock.nowMs();
    const stream =
      grpc === undefined
        ? session.request({ ...common, ':path': path, accept: '*/*' })
        : session.request({ ...common, ...GRPC, ':method': 'POST', ':path': CHECK_PATH }, { endStream: false });
    if (grpc !== undefined) stream.end(checkRequest(grpc));
    const answered = (headers: IncomingHttpHeaders): void => {
      progress.phase = 'body';
      progress.status = Number(headers[':status']);
      noteLoad(progress, headers);
      progress.latencyMs = this.#clock.nowMs() - sentMs;
    };
    stream.on('trailers', (trailers) => noteLoad(progress, trailers));
    const { body, status } = await ended(stream, answered);
    progress.phase = 'done';
    if (grpc !== undefined) requireServing(status, body);
  }

  /** Closes the connection and makes an open `get` reject. */
  destroy(reason: Error): void {
    this.#destroyed = reason;
    this.#session?.destroy(reason);
  }

  async #connected(progress: CheckProgress): Promise<ClientHttp2Session> {
    const known = this.#session;
    if (known !== undefined && !known.closed && !known.destroyed) return known;
    const startMs = this.#clock.nowMs();
    const socket: Socket = await this.#settings.connect();
    if (this.#destroyed !== undefined) {
      socket.destroy();
      throw this.#destroyed;
    }
    progress.connectMs = this.#clock.nowMs() - startMs;
    const session = connect(`${this.#settings.protocol}://endpoint`, { createConnection: () => socket });
    // Each stream says by itself how it ended.
    session.on('error', () => {});
    session.setTimeout(this.#settings.keepAliveMs, () => session.close());
    this.#session = session;
    return session;
  }
}

const GRPC = { 'content-type': 'application/grpc', te: 'trailers' };

type Answer = { readonly body: Buffer; readonly status: string | undefined };

/** The whole answer to a stream: its body, and the gRPC status that its head or its trailers say. */
function ended(stream: ClientHttp2Stream, answered: (headers: IncomingHttpHeaders) => void): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const chunks: Buffer[] = [];
  let bytes = 0;
  let status: string | undefined;
  const note = (headers: IncomingHttpHeaders): void => {
    const said = headers['grpc-status'];
    if (typeof said === 'string') status = said;
  };
  stream.on('response', (headers) => {
    note(headers);
    answered(headers);
  });
  stream.on('trailers', note);
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= BODY_BYTES_MAX) {
      chunks.push(chunk);
      return;
    }
    resolve({ body: Buffer.concat(chunks), status });
    stream.close(constants.NGHTTP2_CANCEL);
  });
  stream.once('end', () => resolve({ body: Buffer.concat(chunks), status }));
  stream.once('error', reject);
  // A connection that ends takes its streams with it, and not all of them say that it was an error.
  stream.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
  return promise;
}

function requireServing(status: string | undefined, body: Buffer): void {
  if (status !== '0') throw new Error(status === undefined ? 'no grpc-status' : `grpc-status ${status}`);
  const serving = servingIn(body) ?? 'an answer that is none';
  if (serving !== 'SERVING') throw new Error(`gRPC health: ${serving}`);
}
