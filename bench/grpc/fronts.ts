import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { caddyText } from '../peers/caddy-text.ts';
import { haproxyText } from '../peers/haproxy-text.ts';
import { findProgram, type Running, serve } from '../peers/program.ts';
import { HAPROXY, MERIDIAN } from '../peers/proxies.ts';
import { PROXY_CORE, type Scene } from '../peers/scene.ts';
import { configOf, inTurn } from '../rig/config.ts';
import { startEdge } from '../rig/edge.ts';

/** A proxy before servers of gRPC on these ports, with HTTP/2 without TLS on both sides. */
export type Front = {
  readonly name: string;
  readonly open: (scene: Scene, ports: readonly number[]) => Promise<Running>;
};

export const CADDY = 'Caddy';

/** Each has one thread on the core of proxies, and logs no requests. What is not installed is left out, but for HAProxy. */
export const FRONTS: readonly Front[] = [
  { name: MERIDIAN, open: (_, ports) => meridian(ports) },
  { name: HAPROXY, open: haproxy },
  ...(findProgram('caddy') === undefined ? [] : [{ name: CADDY, open: caddy }]),
];

async function meridian(ports: readonly number[]): Promise<Running> {
  const text = configOf(inTurn(ports), 'log: { level: warn, access: false }', ', workers: 1')
    .replace('listen: "127.0.0.1:0", workers', 'listeners: [{ listen: "127.0.0.1:0", http2: h2c }], workers')
    .replaceAll(/(url: "[^"]*") }/g, '$1, protocol: h2c }');
  const { child, port, end } = await startEdge(text, PROXY_CORE);
  return { pid: child.pid as number, port, end };
}

/** It knows HTTP/2 without TLS by how a client begins. Its checks of servers by HTTP/2 fail where Node answers them, so it makes none. */
async function haproxy(scene: Scene, origins: readonly number[]): Promise<Running> {
  const program = findProgram('haproxy');
  if (program === undefined) throw new Error('haproxy is not installed');
  const folder = join(scene.folder, 'haproxy-grpc');
  const file = join(folder, 'config');
  const port = scene.nextPort();
  mkdirSync(folder);
  writeFileSync(file, haproxyText({ folder, port, origins }).replaceAll(' check inter 10s', ' proto h2'));
  return serve({ program, args: ['-db', '-f', file], core: PROXY_CORE, folder, port });
}

/** HTTP/2 without TLS on both sides has to be asked for at each. */
async function caddy(scene: Scene, origins: readonly number[]): Promise<Running> {
  const folder = join(scene.folder, 'caddy-grpc');
  const file = join(folder, 'config');
  const port = scene.nextPort();
  mkdirSync(folder);
  const plain = caddyText({ folder, port, origins });
  const upstreams = origins.map((origin) => `h2c://127.0.0.1:${origin}`).join(' ');
  const text = plain
    .replace('protocols h1', 'protocols h1 h2c')
    .replace(/reverse_proxy [^{]*\{/, `reverse_proxy ${upstreams} {\n    flush_interval -1`)
    .replace(/ {4}health_uri [^\n]*\n {4}health_interval [^\n]*\n/, '');
  writeFileSync(file, text);
  const env = { GOMAXPROCS: '1', HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const args = ['run', '--adapter', 'caddyfile', '--config', file];
  return serve({ program: findProgram('caddy') as string, args, env, core: PROXY_CORE, folder, port });
}
