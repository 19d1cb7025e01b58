import { type Agent, request } from 'node:http';

export type Answer = { readonly status: number; readonly body: string };
export type AskOptions = {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly agent?: Agent | false;
  readonly body?: string;
};

/** One request to loopback; rejects with the socket's own error. */
export function ask(
  port: number,
  { method = 'GET', path = '/', headers = {}, agent = false, body = '' }: AskOptions = {},
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const asking = request({ host: '127.0.0.1', port, method, path, headers, agent }, (response) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      text += chunk;
    });
    response.on('error', reject);
    response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
  });
  asking.on('error', reject);
  asking.end(body);
  return promise;
}
