import { connect } from 'node:net';

export type PlainAnswer = { readonly status: number; readonly body: string };

/** Whoever answers more than this is not who was meant. */
const BYTES_MAX = 64 * 1024;

/**
 * GETs a plain http URL over a connection of its own. `fetch` and `node:http` would take twice the time and a third more memory, which
 * counts where a probe does this every few seconds. Rejects with the error of the socket, or with why it is no answer.
 */
export function httpGet(url: URL, timeoutMs: number): Promise<PlainAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<PlainAnswer>();
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const socket = connect({ host, port: Number(url.port || '80') });
  let text = '';
  socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
  socket.setEncoding('utf8');
  socket.on('error', reject);
  socket.on('data', (part: string) => {
    text += part;
    if (text.length > BYTES_MAX) socket.destroy(new Error('its answer is too long'));
  });
  socket.on('end', () => {
    const match = /^HTTP\/1\.[01] (\d{3})[^]*?\r\n\r\n([^]*)$/.exec(text);
    if (match === null) reject(new Error('it does not speak HTTP'));
    else resolve({ status: Number(match[1]), body: match[2] ?? '' });
    socket.destroy();
  });
  socket.write(`GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nConnection: close\r\n\r\n`);
  return promise;
}
