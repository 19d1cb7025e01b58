import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from '../../test/support/free-ports.ts';
import { end } from '../rig/children.ts';
import { startOrigins } from '../rig/start-origins.ts';
import { temporaryFolder } from '../rig/temporary-folder.ts';
import { nginxOriginText } from './nginx-text.ts';
import type { TlsFiles } from './peer-spec.ts';
import { findProgram, serve } from './program.ts';

export const PROXY_CORE = 1;
export const LOAD_CORE = 0;
export const BODY_BYTES = { small: 100, page: 10_240, large: 1_048_576, post: 1024 } as const;

const ENDPOINTS = 9;
/** Places for every peer of either scheme beside the origins. */
const PEER_PORTS = 8;

/** What every proxy of a run shares: the origins behind them, a folder, ports to listen on, and a certificate. */
export type Scene = {
  readonly folder: string;
  readonly origins: readonly number[];
  /** The origin is nginx, and not our own in Node. */
  readonly cheapOrigin: boolean;
  readonly tls: TlsFiles;
  /** A port that none of this run has been given yet. */
  readonly nextPort: () => number;
  readonly end: () => Promise<void>;
};

export async function openScene(): Promise<Scene> {
  const { path: folder, remove } = temporaryFolder();
  try {
    const tls = makeCertificate(folder);
    const base = await freePorts(ENDPOINTS + PEER_PORTS);
    const origins = Array.from({ length: ENDPOINTS }, (_, i) => base + i);
    let next = base + ENDPOINTS;
    const nginx = findProgram('nginx');
    const origin = nginx === undefined ? await ownOrigin(origins) : await nginxOrigin(nginx, folder, origins);
    const close = async (): Promise<void> => {
      await origin.end();
      remove();
    };
    return { folder, origins, cheapOrigin: nginx !== undefined, tls, nextPort: () => next++, end: close };
  } catch (error) {
    remove();
    throw error;
  }
}

/** nginx answers for a third of what Node takes, so that a fast proxy is not left waiting for the core of its origin. */
function nginxOrigin(program: string, parent: string, ports: readonly number[]): ReturnType<typeof serve> {
  const folder = join(parent, 'origin');
  mkdirSync(join(folder, 'bytes'), { recursive: true });
  for (const bytes of Object.values(BODY_BYTES)) writeFileSync(join(folder, 'bytes', String(bytes)), 'x'.repeat(bytes));
  writeFileSync(join(folder, 'nginx.conf'), nginxOriginText(folder, ports));
  const args = ['-p', folder, '-e', join(folder, 'error.log'), '-c', join(folder, 'nginx.conf')];
  return serve({ program, args, core: LOAD_CORE, folder, port: ports[0] as number });
}

async function ownOrigin(ports: readonly number[]): Promise<{ readonly end: () => Promise<void> }> {
  const { child } = await startOrigins(ports, { core: LOAD_CORE });
  return { end: () => end(child) };
}

/** A certificate for 127.0.0.1 that signs itself, with a key on P-256, made with openssl. */
function makeCertificate(folder: string): TlsFiles {
  const [certFile, keyFile, bundleFile] = ['cert.pem', 'key.pem', 'bundle.pem'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', keyFile];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  execFileSync('openssl', ['req', '-x509', '-days', '2', ...key, ...names, '-out', certFile], { stdio: 'pipe' });
  writeFileSync(bundleFile, readFileSync(certFile, 'utf8') + readFileSync(keyFile, 'utf8'));
  return { certFile, keyFile, bundleFile };
}
