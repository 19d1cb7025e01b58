import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { connect, type TLSSocket } from 'node:tls';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type Certificates, makeCertificates } from '../support/certificates.ts';
import { startOrigin } from '../support/origin.ts';
import { temporaryFolder } from '../support/process.ts';
import { threeCloudsYaml } from '../support/rig.ts';
import { running } from '../support/running.ts';

// Each edge thread sealed session tickets with keys of its own, and every reload made new ones: with two threads every second
// handshake that could have been short was a whole one.

type Client = { readonly port: number; readonly tls: Certificates; readonly version: 'TLSv1.2' | 'TLSv1.3' };

/** One request on a connection of its own; says whether its session was resumed, and brings the session along for the next. */
async function visit({ port, tls, version }: Client, session?: Buffer): Promise<{ reused: boolean; session: Buffer }> {
  const options = { port, host: '127.0.0.1', ca: tls.ca, minVersion: version, maxVersion: version } as const;
  const socket: TLSSocket = connect(session === undefined ? options : { ...options, session });
  onTestFinished(() => void socket.destroy());
  // OpenSSL gives no new ticket to who came with one.
  let last = session;
  socket.on('session', (fresh) => {
    last = fresh;
  });
  await once(socket, 'secureConnect');
  const reused = socket.isSessionReused();
  socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  socket.resume();
  await once(socket, 'close');
  if (last === undefined) throw new Error('there was no session ticket');
  return { reused, session: last };
}

async function served(tls: Certificates) {
  const origin = await startOrigin('x');
  const yaml = (band: number) =>
    threeCloudsYaml(
      [origin.port, origin.port, origin.port],
      `    routing: { band: ${band} }`,
      `admin: { listen: "127.0.0.1:0" }\nlog: { level: silent }`,
    ).replace('id: test,', `id: test, workers: 3, drain: 0s, tls: { cert: "${tls.certFile}", key: "${tls.keyFile}" },`);
  const edge = await running(yaml(0.01));
  const reload = async (band: number) => {
    edge.write(yaml(band));
    await vi.waitFor(() => expect(edge.control.current.topology.services[0]?.routing.band).toBe(band), 5000);
  };
  return { port: edge.edge.port, reload, edge };
}

test.each(['TLSv1.2', 'TLSv1.3'] as const)(
  '%s: a session is resumed by every thread, and after a reload',
  async (version) => {
    const tls = makeCertificates();
    const { port, reload, edge } = await served(tls);
    const client = { port, tls, version };
    let { session } = await visit(client);
    const visits = async (count: number) => {
      const reused: boolean[] = [];
      for (let i = 0; i < count; i += 1) {
        const visited = await visit(client, session);
        reused.push(visited.reused);
        session = visited.session;
      }
      return reused;
    };
    expect(await visits(12)).toEqual(Array.from({ length: 12 }, () => true));
    await reload(0.02);
    expect(await visits(12)).toEqual(Array.from({ length: 12 }, () => true));
    await edge.threads.kill(0);
    expect(await visits(6)).toEqual(Array.from({ length: 6 }, () => true));
  },
);

test.each(['-tls1_2', '-tls1_3'])('openssl %s resumes on every thread', async (version) => {
  const tls = makeCertificates();
  const { port } = await served(tls);
  const file = `${temporaryFolder().path}/session.pem`;
  const dial = async (...args: string[]): Promise<string> => {
    const to = ['s_client', '-connect', `127.0.0.1:${port}`, version, '-CAfile', tls.caFile, '-ign_eof', ...args];
    const client = spawn('openssl', to, { stdio: ['pipe', 'pipe', 'ignore'] });
    onTestFinished(() => void client.kill('SIGKILL'));
    client.stdin.end('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    return text(client.stdout);
  };
  expect(await dial('-sess_out', file)).toMatch(/^New, TLS/m);
  for (let i = 0; i < 8; i += 1) expect(await dial('-sess_in', file)).toMatch(/^Reused, TLS/m);
});
