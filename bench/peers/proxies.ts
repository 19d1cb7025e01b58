import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { end, firstMessage, start } from '../rig/children.ts';
import { configOf, inTurn } from '../rig/config.ts';
import { startEdge } from '../rig/edge.ts';
import { caddyText } from './caddy-text.ts';
import { haproxyText } from './haproxy-text.ts';
import { nginxProxyText } from './nginx-text.ts';
import type { PeerSpec } from './peer-spec.ts';
import { findProgram, type Running, serve } from './program.ts';
import { PROXY_CORE, type Scene } from './scene.ts';

/** A proxy that can be put before the origins of a scene. */
export type Proxy = {
  readonly name: string;
  /** What must be installed for it. */
  readonly program?: string;
  /** Whether it takes HTTP/2 from clients. */
  readonly http2: boolean;
  readonly open: (scene: Scene, how: How) => Promise<Running>;
};

/** With TLS in front or without; with a line in a log for every request, at those that can, or without. */
export type How = { readonly tls: boolean; readonly logs: boolean };

export const HAPROXY = 'HAProxy';
export const MERIDIAN = 'Meridian';

/** In the order in which they are measured. */
export const PROXIES: readonly Proxy[] = [
  { name: MERIDIAN, http2: true, open: (scene, how) => meridian(scene, how, 'on') },
  { name: `${MERIDIAN} (accelerator off)`, http2: true, open: (scene, how) => meridian(scene, how, 'off') },
  { name: '@fastify/http-proxy', http2: false, open: plainProxy },
  {
    name: 'nginx',
    program: 'nginx',
    http2: true,
    open: (scene, how) =>
      peer(scene, how, 'nginx', {
        text: nginxProxyText,
        args: (file, folder) => ['-p', folder, '-e', join(folder, 'error.log'), '-c', file],
      }),
  },
  {
    name: HAPROXY,
    program: 'haproxy',
    http2: true,
    open: (scene, tls) => peer(scene, tls, 'haproxy', { text: haproxyText, args: (file) => ['-db', '-f', file] }),
  },
  {
    name: 'Caddy',
    program: 'caddy',
    http2: true,
    open: (scene, how) =>
      peer(scene, how, 'caddy', {
        text: caddyText,
        args: (file) => ['run', '--adapter', 'caddyfile', '--config', file],
        env: (folder) => ({ GOMAXPROCS: '1', HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }),
      }),
  },
];

/** Meridian as another checkout or build has it, to be told from this one in the same run. `main`: its command line. */
export function meridianOf(main: URL): readonly Proxy[] {
  return [
    { name: `${MERIDIAN} beside`, http2: true, open: (scene, how) => meridian(scene, how, 'on', main) },
    {
      name: `${MERIDIAN} beside (accelerator off)`,
      http2: true,
      open: (scene, how) => meridian(scene, how, 'off', main),
    },
  ];
}

type Kind = {
  readonly text: (spec: PeerSpec) => string;
  readonly args: (file: string, folder: string) => readonly string[];
  readonly env?: (folder: string) => Readonly<Record<string, string>>;
};

async function peer(scene: Scene, { tls, logs }: How, name: string, kind: Kind): Promise<Running> {
  const program = findProgram(name);
  if (program === undefined) throw new Error(`${name} is not installed`);
  const folder = join(scene.folder, `${name}${tls ? '-tls' : ''}`);
  const file = join(folder, 'config');
  const port = scene.nextPort();
  mkdirSync(folder);
  writeFileSync(file, kind.text({ folder, port, origins: scene.origins, logs, ...(tls ? { tls: scene.tls } : {}) }));
  const env = kind.env?.(folder) ?? {};
  return serve({ program, args: kind.args(file, folder), env, core: PROXY_CORE, folder, port, tls });
}

/** With everything at its default but the access log, which it writes where its peers do; and one edge thread. */
async function meridian(scene: Scene, { tls, logs }: How, accelerator: 'on' | 'off', main?: URL): Promise<Running> {
  const { certFile, keyFile } = scene.tls;
  const secured = tls ? `, tls: { cert: "${certFile}", key: "${keyFile}" }` : '';
  const yaml = configOf(
    inTurn(scene.origins),
    logs ? '' : 'log: { level: warn, access: false }',
    `, workers: 1, accelerator: ${accelerator}${secured}`,
  );
  const running = await startEdge(yaml, PROXY_CORE, {}, main);
  return { pid: running.child.pid as number, port: running.port, end: running.end };
}

async function plainProxy(scene: Scene, { tls }: How): Promise<Running> {
  const script = new URL('../rig/plain-proxy.ts', import.meta.url);
  const secured = tls ? [scene.tls.certFile, scene.tls.keyFile] : [];
  const child = start({ script, args: [String(scene.origins[0]), ...secured], core: PROXY_CORE, ipc: true });
  const port = await firstMessage<number>(child);
  return { pid: child.pid as number, port, end: () => end(child) };
}
