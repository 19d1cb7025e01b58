import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** Each has one thread on the core of proxies, and logs no requests. */
export const FRONTS: readonly Front[] = [
  { name: MERIDIAN, open: (_, ports) => meridian(ports) },
  { name: HAPROXY, open: haproxy },
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
