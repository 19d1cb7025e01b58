import { writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { vi } from 'vitest';
import { makeCertificates } from './certificates.ts';
import { freePorts } from './free-ports.ts';
import { temporaryFolder } from './process.ts';
import { type Program, startProgram } from './programs.ts';

/** An ACME authority that runs: Debian's `pebble`, with a name server that leads every name to this machine. */
export type Pebble = {
  readonly directory: string;
  /** PEM file of who vouches for the authority's own certificate. */
  readonly ca: string;
  /** PEM text of the root that its certificates come from. */
  readonly root: () => Promise<string>;
  /** Ends it, as a crash would. */
  readonly kill: () => Promise<void>;
  /** Starts it again, where it was; it has forgotten everything. */
  readonly restart: () => Promise<void>;
  readonly output: () => string;
};

export type PebbleOptions = {
  /** Where the authority looks for answers, in place of ports 80 and 443. */
  readonly httpPort: number;
  readonly tlsPort: number;
  readonly validitySeconds?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly config?: Readonly<Record<string, unknown>>;
  /** Whether it is there from the beginning. */
  readonly later?: boolean;
};

export const PEBBLE_PROGRAMS = ['pebble', 'pebble-challtestsrv', 'openssl'];

export async function startPebble(options: PebbleOptions): Promise<Pebble> {
  const { httpPort, tlsPort, validitySeconds, env = {}, config = {}, later = false } = options;
  const own = makeCertificates();
  const [port, management, dns, challenges] = [
    await steadyPort(),
    await steadyPort(),
    await steadyPort(),
    await steadyPort(),
  ];
  const folder = temporaryFolder();
  const file = join(folder.path, 'pebble.json');
  const pebble = {
    listenAddress: `127.0.0.1:${port}`,
    managementListenAddress: `127.0.0.1:${management}`,
    certificate: own.certFile,
    privateKey: own.keyFile,
    httpPort,
    tlsPort,
    ocspResponderURL: '',
    ...(validitySeconds === undefined ? {} : { certificateValidityPeriod: validitySeconds }),
    ...config,
  };
  writeFileSync(file, JSON.stringify({ pebble }));
  const nobody = ['-http01', '', '-https01', '', '-tlsalpn01', ''];
  const names = ['-defaultIPv4', '127.0.0.1', '-defaultIPv6', '', '-dns01', `127.0.0.1:${dns}`];
  startProgram('pebble-challtestsrv', [...names, ...nobody, '-management', `127.0.0.1:${challenges}`]);
  await listening(challenges);
  let program: Program | undefined;
  const start = async (): Promise<void> => {
    const variables = Object.entries({ PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '0', ...env });
    const set = variables.map(([name, value]) => `${name}=${value}`);
    program = startProgram('env', [...set, 'pebble', '-config', file, '-dnsserver', `127.0.0.1:${dns}`]);
    await listening(port);
    await listening(management);
  };
  if (!later) await start();
  return {
    directory: `https://127.0.0.1:${port}/dir`,
    ca: own.caFile,
    root: () => fetched(`https://127.0.0.1:${management}/roots/0`, own.ca),
    kill: async () => program?.kill(),
    restart: start,
    output: () => program?.output() ?? '',
  };
}

const BLOCK = 16;
let [base, used] = [0, BLOCK];

/** A port that the system gives to nobody by chance: whoever had it finds it free again after a restart. */
export async function steadyPort(): Promise<number> {
  if (used === BLOCK) [base, used] = [await freePorts(BLOCK), 0];
  used += 1;
  const port = base + used - 1;
  // Another program of the test may have been given it since.
  return (await isFree(port)) ? port : steadyPort();
}

function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer().once('error', () => resolve(false));
  server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  return promise;
}

async function listening(port: number): Promise<void> {
  const open = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve();
      });
      socket.once('error', reject);
    });
  await vi.waitFor(open, { timeout: 60_000, interval: 50 });
}

function fetched(url: string, ca: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const call = request(url, { ca, agent: false }, (answer) => {
    let text = '';
    answer.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    answer.on('end', () => resolve(text));
  });
  call.on('error', reject).end();
  return promise;
}
