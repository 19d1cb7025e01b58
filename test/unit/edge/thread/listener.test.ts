import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Door } from '../../../../src/edge/thread/door.ts';
import { Gate } from '../../../../src/edge/thread/gate.ts';
import { type Listener, listener } from '../../../../src/edge/thread/listener.ts';
import { OpenTunnels } from '../../../../src/edge/tunnel/open-tunnels.ts';
import { listenerSettings } from '../../../support/listener.ts';
import { dial, readToEnd } from '../../../support/raw-http.ts';
import { stageOf } from '../../../support/stage.ts';
import { threeClouds } from '../../../support/topology.ts';

const HERE = [{ host: '127.0.0.1', port: 0 }];
const at = (port: number) => [{ host: '127.0.0.1', port }];

function door(tunnels = new OpenTunnels(), count = 1) {
  const server = createServer((_, response) => response.end('ok'));
  const [block] = stageOf(threeClouds()).blocks;
  if (block === undefined) throw new Error('no block');
  const limits = () => ({ connectionsMax: 100, handshakesMax: 10, handshakeMs: 1000 });
  const gate = new Gate({ limits, dropped: () => {} });
  const fronts = { http1: { accept: (socket: Socket) => void server.emit('connection', socket) } };
  const doors = ['one', 'two']
    .slice(0, count)
    .map((name) => new Door({ settings: listenerSettings(name), tls: undefined, gate, fronts }));
  server.emit('listening');
  const of: Listener = listener({ doors, closeIdle: () => server.closeIdleConnections(), tunnels, block, gate });
  onTestFinished(() => of.cut());
  return { of, server, block };
}

async function portOn(of: Listener, reusePort: boolean): Promise<number> {
  const [port] = await of.listen(HERE, reusePort);
  return port as number;
}

test('several listen each where it is asked to, and stop together', async () => {
  const { of } = door(new OpenTunnels(), 2);
  const ports = await of.listen([...HERE, ...HERE], false);
  for (const port of ports) expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('ok');
  await of.stop();
  for (const port of ports) await expect(dial(port)).rejects.toThrow('ECONNREFUSED');
});

test('it listens where it is asked to, and says on which port', async () => {
  const { of } = door();
  const port = await portOn(of, false);
  const answer = await fetch(`http://127.0.0.1:${port}/`);
  expect(await answer.text()).toBe('ok');
});

test('a port in use is reported', async () => {
  const port = await portOn(door().of, false);
  await expect(door().of.listen(at(port), false)).rejects.toThrow('EADDRINUSE');
});

test.skipIf(process.platform !== 'linux')('two may share a port when both want to', async () => {
  const port = await portOn(door().of, true);
  expect(await door().of.listen(at(port), true)).toEqual([port]);
});

test('its block knows how many connections there are, and how late the loop is', async () => {
  const { of, server, block } = door();
  const port = await portOn(of, false);
  of.writeLevels();
  expect(block.connections[0]).toBe(0);
  const sockets = await Promise.all([dial(port), dial(port)]);
  await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } });
  of.writeLevels();
  expect(block.connections[0]).toBeGreaterThanOrEqual(2);
  expect(block.loopLagMs[0]).toBeGreaterThanOrEqual(0);
  const closed = Promise.all(sockets.map((socket) => once(socket, 'close')));
  server.closeAllConnections();
  await closed;
  of.writeLevels();
  expect(block.connections[0]).toBe(0);
});

test('while it drains it still takes connections; stopped, it takes none and ends with the last', async () => {
  const { of } = door();
  const port = await portOn(of, false);
  expect(of.draining).toBe(false);
  of.startDraining();
  expect(of.draining).toBe(true);
  const socket = await dial(port);
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await once(socket, 'data');
  await of.stop();
  expect(await readToEnd(socket)).toBe('');
  await expect(dial(port)).rejects.toThrow('ECONNREFUSED');
});

test('a connection that goes idle while draining is closed when levels are written', async () => {
  const { of } = door();
  const port = await portOn(of, false);
  const socket = await dial(port);
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await once(socket, 'data');
  of.startDraining();
  const ended = readToEnd(socket);
  of.writeLevels();
  await ended;
});

test('a cut ends connections, once the tunnels have had their say', async () => {
  const ended: string[] = [];
  const tunnels = new OpenTunnels();
  const tunnel = { sayGoodbye: () => (ended.push('tunnel'), tunnels.delete(tunnel)) };
  tunnels.add(tunnel);
  const { of } = door(tunnels);
  const socket = await dial(await portOn(of, false));
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await once(socket, 'data');
  const closed = once(socket, 'close');
  await Promise.all([of.cut(), closed]);
  expect(ended).toEqual(['tunnel']);
});
