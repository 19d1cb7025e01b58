import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { COLLECTOR, keptBytes } from '../clients/edges.ts';
import { assertDescriptors } from '../clients/many.ts';
import { haproxyText } from '../peers/haproxy-text.ts';
import { findProgram, serve } from '../peers/program.ts';
import { openScene, PROXY_CORE, type Scene } from '../peers/scene.ts';
import { end, firstMessage, start } from '../rig/children.ts';
import { configOf, inTurn } from '../rig/config.ts';
import { startEdge } from '../rig/edge.ts';
import { residentBytes } from '../rig/proc.ts';
import { hasTls, type Over } from './over.ts';

/** What the Dockerfile and the unit of systemd set. */
export const AS_SHIPPED = { MALLOC_TRIM_THRESHOLD_: '131072' };
/** As many connections come and go before, so that what a burst leaves behind is there. */
const WARM_UP_CLIENTS = 500;
/** Time in which a client that is not kept would be closed, and in which what a burst of them took is given back. */
const SETTLE_MS = 3000;

export type IdleBytes = {
  readonly name: string;
  /** Resident memory without the connections, and with them. */
  readonly beforeBytes: number;
  readonly withBytes: number;
  /** Connections that the server closed while they idled. */
  readonly closed: number;
};

type Server = { readonly pid: number; readonly port: number; readonly end: () => Promise<void> };
/** One that idle connections can be opened to, and how its memory is read. */
type Measured = { readonly open: (scene: Scene) => Promise<Server>; readonly bytes: (pid: number) => Promise<number> };

/**
 * What a connection that has made one request costs while it idles: at an edge with one thread, at the least that Node takes for the same, and at
 * HAProxy; or at one of them, where `at` names it. What can be collected is collected before, where there is a collector.
 */
export async function idleConnections(
  over: Over,
  count: number,
  { env, at }: { readonly env: Readonly<Record<string, string>>; readonly at: string },
): Promise<readonly IdleBytes[]> {
  assertDescriptors(count);
  const secured = hasTls(over);
  const servers = new Map<string, Measured>();
  servers.set('Meridian', { open: (scene) => meridian(scene, { over, count, env }), bytes: keptBytes });
  servers.set(secured ? 'node:tls alone' : 'node:net alone', {
    open: (scene) => bare(scene, 'bytes', { over, env }),
    bytes: keptBytes,
  });
  if (over.startsWith('h2')) {
    servers.set('node:http2', { open: (scene) => bare(scene, 'http2', { over, env }), bytes: keptBytes });
  }
  if (findProgram('haproxy') !== undefined) {
    servers.set('HAProxy', {
      open: (scene) => haproxy(scene, over, count),
      bytes: async (pid) => residentBytes(pid).now,
    });
  }
  const scene = await openScene();
  try {
    const all: IdleBytes[] = [];
    for (const [name, measured] of servers) {
      if (at === '' || at === name) all.push({ name, ...(await idling(measured, scene, { over, count })) });
    }
    return all;
  } finally {
    await scene.end();
  }
}

async function idling(
  { open, bytes }: Measured,
  scene: Scene,
  { over, count }: { readonly over: Over; readonly count: number },
): Promise<Omit<IdleBytes, 'name'>> {
  const server = await open(scene);
  try {
    await end(await clients(server.port, over, Math.min(WARM_UP_CLIENTS, count)));
    await sleep(SETTLE_MS);
    const beforeBytes = await bytes(server.pid);
    const opened = await clients(server.port, over, count);
    try {
      await sleep(SETTLE_MS);
      const withBytes = await bytes(server.pid);
      const closed = firstMessage<number>(opened);
      opened.send('how many were closed?');
      return { beforeBytes, withBytes, closed: await closed };
    } finally {
      await end(opened, 'SIGKILL');
    }
  } finally {
    await server.end();
  }
}

async function clients(port: number, over: Over, count: number): Promise<ReturnType<typeof start>> {
  const script = new URL('./idle-clients.ts', import.meta.url);
  const child = start({ script, args: [String(port), over, String(count)], core: 0, ipc: true });
  await firstMessage(child);
  return child;
}

type Wanted = { readonly over: Over; readonly count: number; readonly env: Readonly<Record<string, string>> };

async function meridian({ origins, tls }: Scene, { over, count, env }: Wanted): Promise<Server> {
  const { certFile, keyFile } = tls;
  const how = hasTls(over)
    ? `tls: { cert: "${certFile}", key: "${keyFile}" }`
    : `http2: ${over === 'h2c' ? 'h2c' : 'false'}`;
  const log = 'log: { level: warn, access: false }';
  const yaml = configOf(inTurn(origins), log, `, workers: 1, keep_alive: 1h, connections: ${count + WARM_UP_CLIENTS}`);
  const listeners = `listeners: [{ listen: "127.0.0.1:0", ${how} }]`;
  const importing = { NODE_OPTIONS: `--import=${COLLECTOR.href}` };
  const edge = await startEdge(yaml.replace('listen: "127.0.0.1:0", workers', `${listeners}, workers`), PROXY_CORE, {
    ...env,
    ...importing,
  });
  return { pid: edge.child.pid as number, port: edge.port, end: edge.end };
}

async function bare(
  { tls }: Scene,
  kind: 'bytes' | 'http2',
  { over, env }: Pick<Wanted, 'over' | 'env'>,
): Promise<Server> {
  const files = hasTls(over) ? [tls.certFile, tls.keyFile] : [];
  const child = start({
    script: new URL('./bare-server.ts', import.meta.url),
    args: [kind, ...files],
    core: PROXY_CORE,
    ipc: true,
    env: { ...env, NODE_OPTIONS: `--import=${COLLECTOR.href}` },
  });
  const port = await firstMessage<number>(child);
  return { pid: child.pid as number, port, end: () => end(child) };
}

function haproxy(scene: Scene, over: Over, count: number): Promise<Server> {
  const folder = join(scene.folder, `haproxy-idle-${over}`);
  const file = join(folder, 'config');
  const [port, tls] = [scene.nextPort(), hasTls(over)];
  mkdirSync(folder);
  const text = haproxyText({ folder, port, origins: scene.origins, ...(tls ? { tls: scene.tls } : {}) });
  writeFileSync(
    file,
    text.replace(
      'maxconn 4096',
      // It wants a descriptor for each server's side, too, which idle connections have no use for.
      `maxconn ${count + WARM_UP_CLIENTS}\n  no strict-limits`,
    ),
  );
  const program = findProgram('haproxy') as string;
  return serve({ program, args: ['-db', '-f', file], core: PROXY_CORE, folder, port, tls });
}
