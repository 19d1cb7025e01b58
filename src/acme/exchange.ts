import { Agent, request } from 'node:https';
import { startTimer, stopTimer } from '../table/timers.ts';
import { AuthorityError } from './authority-error.ts';

export type Ask = {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly url: string;
  /** JSON Web Signature; undefined: no body. */
  readonly body?: string;
};

export type Reply = {
  readonly status: number;
  readonly field: (name: 'location' | 'replay-nonce' | 'retry-after' | 'content-type') => string | undefined;
  readonly body: string;
};

/** One request to an authority and its answer. Rejects with an `AuthorityError` when there is none in time. */
export type Exchange = { readonly ask: (ask: Ask) => Promise<Reply>; readonly close: () => void };

export type ExchangeRules = {
  /** PEM text of the authorities that vouch for it; undefined: those of the runtime. */
  readonly ca: string | undefined;
  /** Ends what is under way. */
  readonly signal: AbortSignal;
  readonly userAgent: string;
  /** From the first byte out to the last one in. */
  readonly limitMs?: number;
};

const LIMIT_MS = 30_000;
/** A chain with its intermediates has some KiB. */
export const REPLY_BYTES_MAX = 256 * 1024;

/** Talks to an authority by https, verified; nothing is followed, nothing is asked twice. */
export function httpsExchange({ ca, signal, userAgent, limitMs = LIMIT_MS }: ExchangeRules): Exchange {
  const agent = new Agent({ keepAlive: true, maxSockets: 4, ...(ca === undefined ? {} : { ca }) });
  const headers = { 'User-Agent': userAgent, Accept: '*/*' };
  const ask = ({ method, url, body }: Ask): Promise<Reply> => {
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    const where = placeOf(url);
    if (where === undefined)
      return Promise.reject(new AuthorityError('wrong', `it names ${url}, which is no https URL`));
    const fail = (error: NodeJS.ErrnoException): void => reject(away(where, error));
    const json =
      body === undefined ? {} : { 'Content-Type': 'application/jose+json', 'Content-Length': Buffer.byteLength(body) };
    const call = request(url, { method, agent, signal, headers: { ...headers, ...json } }, (answer) => {
      const pieces: Buffer[] = [];
      let bytes = 0;
      answer.on('data', (piece: Buffer) => {
        bytes += piece.length;
        pieces.push(piece);
        if (bytes > REPLY_BYTES_MAX) call.destroy(new Error(`its answer has more than ${REPLY_BYTES_MAX} bytes`));
      });
      answer.on('error', fail);
      answer.on('end', () => {
        const { headers: fields, statusCode = 0 } = answer;
        const field: Reply['field'] = (name) => [fields[name]].flat()[0];
        resolve({ status: statusCode, field, body: Buffer.concat(pieces).toString('utf8') });
      });
    });
    const timer = startTimer(
      limitMs,
      () => call.destroy(new Error(`no whole answer within ${limitMs / 1000} seconds`)),
      undefined,
    );
    call.on('error', fail);
    call.on('close', () => {
      stopTimer(timer);
      fail(new Error('it closed the connection'));
    });
    call.end(body);
    return promise;
  };
  return { ask, close: () => agent.destroy() };
}

function placeOf(url: string): string | undefined {
  const parsed = URL.parse(url);
  return parsed?.protocol === 'https:' ? parsed.host : undefined;
}

function away(where: string, error: NodeJS.ErrnoException): AuthorityError {
  const why = error.code === undefined ? error.message : `${error.code}: ${error.message}`;
  return new AuthorityError('away', `${where} cannot be asked (${why})`, { cause: error });
}
