import { once } from 'node:events';
import { connect as connectH2 } from 'node:http2';
import { connect, type TLSSocket } from 'node:tls';

/** How visitors come: each version of TLS, by full handshakes and by resumed ones, for each protocol. */
export const WAYS = (['TLSv1.2', 'TLSv1.3'] as const).flatMap((version) =>
  (['full', 'resumed'] as const).flatMap((handshake) =>
    (['http/1.1', 'h2'] as const).map((protocol) => ({ version, handshake, protocol })),
  ),
);
export type Way = (typeof WAYS)[number];

/** What has come of the visits of one way. */
export type Visits = { handshakes: number; resumed: number; readonly failures: string[] };

/** An edge, and who vouches for what it shows. */
export type Where = { readonly port: number; readonly ca: string; readonly names: readonly string[] };

/** A session that can be resumed comes within this time, or the visit has failed. */
const SESSION_MS_MAX = 5000;

/** Visits without a pause, for each name in turn, until it is stopped. */
export function visiting(way: Way, where: Where): { readonly visits: Visits; readonly stop: () => Promise<void> } {
  const visits: Visits = { handshakes: 0, resumed: 0, failures: [] };
  const sessions = new Map<string, Buffer>();
  let stopped = false;
  const run = async (): Promise<void> => {
    for (let i = 0; !stopped; i += 1) {
      const name = where.names[i % where.names.length] as string;
      try {
        // Whoever resumes has come before; what it got then is good until it is not taken any more.
        if (way.handshake === 'resumed' && !sessions.has(name)) {
          sessions.set(
            name,
            await sessionFor({ ...way, protocol: 'http/1.1' }, { ...where, name, session: undefined }),
          );
          visits.handshakes += 1;
        }
        const resumed = await visit(way, { ...where, name, session: sessions.get(name) });
        visits.handshakes += 1;
        if (resumed) visits.resumed += 1;
        else sessions.delete(name);
      } catch (error) {
        visits.failures.push(String((error as NodeJS.ErrnoException).code ?? error));
        sessions.delete(name);
      }
    }
  };
  const running = run();
  return {
    visits,
    stop: async () => {
      stopped = true;
      await running;
    },
  };
}

type Visit = Where & { readonly name: string; readonly session: Buffer | undefined };

/** One handshake and one request on it. Rejects unless the certificate is good for the name and the answer is a 200; resolves with whether it was resumed. */
async function visit(way: Way, at: Visit): Promise<boolean> {
  const socket = opened(way, at);
  try {
    await once(socket, 'secureConnect');
    if (socket.alpnProtocol !== way.protocol) throw new Error(`it agreed on ${String(socket.alpnProtocol)}`);
    const status = way.protocol === 'h2' ? await askH2(socket, at.name) : await askH1(socket, at.name);
    if (status !== 200) throw new Error(`it answered ${status}`);
    return socket.isSessionReused();
  } finally {
    socket.destroy();
  }
}

/** A visit for the session that can be resumed afterwards, which by TLS 1.3 comes behind the handshake. */
async function sessionFor(way: Way, at: Visit): Promise<Buffer> {
  const socket = opened(way, at);
  try {
    const told = once(socket, 'session', { signal: AbortSignal.timeout(SESSION_MS_MAX) });
    await once(socket, 'secureConnect');
    await askH1(socket, at.name);
    const [session] = (await told) as [Buffer];
    return session;
  } finally {
    socket.destroy();
  }
}

function opened(way: Way, { port, ca, name, session }: Omit<Visit, 'names'>): TLSSocket {
  return connect({
    port,
    host: '127.0.0.1',
    servername: name,
    ca,
    minVersion: way.version,
    maxVersion: way.version,
    ALPNProtocols: [way.protocol],
    ...(session === undefined ? {} : { session }),
  });
}

async function askH1(socket: TLSSocket, host: string): Promise<number> {
  socket.write(`GET /bytes/100 HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  return Number(bytes.toString('latin1', 9, 12));
}

async function askH2(socket: TLSSocket, host: string): Promise<number> {
  const client = connectH2(`https://${host}`, { createConnection: () => socket });
  client.on('error', () => {});
  try {
    const stream = client.request({ ':path': '/bytes/100' });
    const [head] = (await once(stream.resume(), 'response')) as [{ ':status'?: number }];
    return head[':status'] ?? 0;
  } finally {
    client.destroy();
  }
}
