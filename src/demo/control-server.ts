import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseTarget, type Target, VERBS, type Verb } from './target.ts';

/** Carries out an order; resolves with what was done, in words. */
export type Obey = (verb: Verb, target: Target) => Promise<string>;

/** What it answers, with a status of 200 when it was done. */
export type ControlReply = { readonly demo: true; readonly message: string };

/**
 * Listens on loopback for a second process that tells the demo what to do: `POST /kill?target=gcp`, with the token of
 * the control file as a bearer token. `GET /` says that a demo is here.
 */
export class ControlServer {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(token: string, obey: Obey): Promise<ControlServer> {
    const server = createServer((request, response) => {
      request.resume();
      void reply(request, token, obey).then(({ status, message }) => {
        const body: ControlReply = { demo: true, message };
        response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
        response.end(`${JSON.stringify(body)}\n`);
      });
    });
    server.listen({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    return new ControlServer(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

type Reply = { readonly status: number; readonly message: string };

async function reply(request: IncomingMessage, token: string, obey: Obey): Promise<Reply> {
  if (!hasToken(request, token)) return { status: 401, message: 'the token of the control file is needed' };
  const [path = '', query = ''] = (request.url ?? '').split('?', 2);
  if (path === '/') return { status: 200, message: 'a demo is here' };
  const verb = VERBS.find((known) => path === `/${known}`);
  if (verb === undefined || request.method !== 'POST') {
    return { status: 404, message: `there are POST /${VERBS.join(', /')}` };
  }
  const target = parseTarget(new URLSearchParams(query).get('target') ?? '');
  if ('error' in target) return { status: 400, message: target.error };
  try {
    return { status: 200, message: await obey(verb, target) };
  } catch (error) {
    return { status: 500, message: (error as Error).message };
  }
}

function hasToken({ headers }: IncomingMessage, token: string): boolean {
  const given = Buffer.from(headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
