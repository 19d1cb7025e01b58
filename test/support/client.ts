import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';

export type Reply = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: string;
  readonly trailers: NodeJS.Dict<string>;
};

export type Ask = {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Buffer;
};

/** One request on a connection of its own. Rejects when the answer breaks off. */
export function ask(port: number, { method = 'GET', path = '/', headers = {}, body }: Ask = {}): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>();
  const sent = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', reject);
    response.on('end', () =>
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        rawHeaders: response.rawHeaders,
        body: Buffer.concat(chunks).toString('latin1'),
        trailers: response.trailers,
      }),
    );
  });
  sent.on('error', reject);
  sent.end(body);
  return promise;
}

/**
 * Writes bytes as they are and returns all that comes back until the other side closes, or until `until` matches what
 * has come so far.
 */
export function exchangeBytes(port: number, bytes: string, until?: RegExp): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
  let got = '';
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    got += text;
    if (until?.test(got)) socket.destroy();
  });
  socket.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? resolve(got) : reject(error)));
  socket.on('close', () => resolve(got));
  return promise;
}

/** The values of a header in raw form, in order. */
export function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === name.toLowerCase());
}
