import type { Socket } from 'node:net';
// The whole library has the web's own way to ask as well: 45 ms of CPU and 8 MiB more, right after every start.
import Client from 'undici/lib/dispatcher/client.js';
import { LOAD_BINARY_FIELD, LOAD_FIELD, LOAD_METRICS_FIELD, type LoadReport } from '../routing/load-report.ts';
import type { Clock } from '../table/clock.ts';

/** How far a check has got; for saying what hung. */
export type Phase = 'connecting' | 'waiting' | 'body' | 'done';

export type CheckProgress = {
  phase: Phase;
  status: number | undefined;
  latencyMs: number | undefined;
  connectMs: number | undefined;
  handshakeMs?: number | undefined;
  /** What the answer says of the endpoint's load, where it says anything. */
  load?: LoadReport;
};

export type ConnectionSettings = {
  /** Any origin: only `connect` decides where it goes. */
  readonly protocol: 'http' | 'https';
  readonly keepAliveMs: number;
  readonly connect: () => Promise<Socket>;
};

/** The rest of a longer body is not worth waiting for. */
export const BODY_BYTES_MAX = 65_536;

/** Takes down what the head or the trailers of an answer say of the load of its endpoint, unread. What comes last counts. */
export function noteLoad(
  progress: CheckProgress,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): void {
  const [metrics, binary, plain] = [LOAD_METRICS_FIELD, LOAD_BINARY_FIELD, LOAD_FIELD].map((name) =>
    all(headers[name]),
  );
  if (metrics === undefined || binary === undefined || plain === undefined) return;
  if (metrics.length + binary.length + plain.length > 0) progress.load = { metrics, binary, plain };
}

function all(value: string | string[] | undefined): readonly string[] {
  return value === undefined ? [] : [value].flat();
}

/** One HTTP/1.1 connection that is made when a request needs it, and kept for the next one. */
export class UndiciConnection {
  readonly #client: Client;
  readonly #clock: Clock;
  #progress: CheckProgress | undefined;

  constructor(settings: ConnectionSettings, clock: Clock) {
    this.#clock = clock;
    this.#client = new Client(`${settings.protocol}://endpoint`, {
      allowH2: false,
      pipelining: 1,
      strictContentLength: false,
      // The caller bounds the whole; undici's own timers are coarse.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: settings.keepAliveMs,
      keepAliveMaxTimeout: settings.keepAliveMs,
      connect: (_, callback) => {
        const startMs = clock.nowMs();
        settings.connect().then(
          (socket) => {
            if (this.#progress !== undefined) this.#progress.connectMs = clock.nowMs() - startMs;
            callback(null, socket);
          },
          (error: Error) => callback(error, null),
        );
      },
    });
    // Undici emits a broken connection here too; the request that it broke has had its error already.
    this.#client.on('connectionError', () => {});
  }

  /**
   * GETs `path` and fills `progress` on the way. Resolves when the body has ended, or has been dropped because it is
   * long; rejects with the error of the socket, the parser or `destroy`. One request at a time.
   */
  get(path: string, host: string, progress: CheckProgress): Promise<void> {
    this.#progress = progress;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let sentMs = 0;
    let bodyBytes = 0;
    this.#client.dispatch(
      { method: 'GET', path, headers: { host, 'user-agent': 'meridian-health', accept: '*/*' } },
      {
        onRequestStart: () => {
          progress.phase = 'waiting';
          sentMs = this.#clock.nowMs();
        },
        onResponseStart: (_, status, headers) => {
          if (status < 200) return;
          progress.phase = 'body';
          progress.status = status;
          noteLoad(progress, headers);
          progress.latencyMs = this.#clock.nowMs() - sentMs;
        },
        onResponseData: (controller, chunk) => {
          bodyBytes += chunk.length;
          if (bodyBytes <= BODY_BYTES_MAX) return;
          progress.phase = 'done';
          resolve();
          controller.abort(new Error('enough of the body'));
        },
        onResponseEnd: (_, trailers) => {
          noteLoad(progress, trailers);
          progress.phase = 'done';
          resolve();
        },
        onResponseError: (_, error) => reject(error),
      },
    );
    return promise;
  }

  /** Closes the connection and makes an open `get` reject. */
  destroy(reason: Error): void {
    this.#client.destroy(reason).catch(() => {});
  }
}
