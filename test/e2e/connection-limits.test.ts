import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Rig } from '../support/bare-rig.ts';
import { startH2Rig } from '../support/h2-rig.ts';
import { startOrigin } from '../support/origin.ts';
import { startRig } from '../support/rig.ts';

async function yaml(): Promise<string> {
  const origin = await startOrigin('x');
  return `version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", per_client: { connections: 1/h, burst: 2 } }
services: { shop: { endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${origin.port}" }] } }
`;
}

/** Whether a connection is left open. */
async function stays(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  return Promise.race([once(socket, 'data').then(() => true), once(socket, 'close').then(() => false)]);
}

async function dropped(rig: Pick<Rig, 'edge' | 'events'>, count: number): Promise<void> {
  await vi.waitFor(() => {
    rig.edge.flush();
    const counts = rig.events.flatMap((event) =>
      event.type === 'connections-dropped' && event.reason === 'connection-rate' ? [event.count] : [],
    );
    expect(counts.reduce((sum, one) => sum + one, 0)).toBe(count);
  });
}

test('a client that opens connections too fast has those beyond closed, and those that it has go on', async () => {
  const rig = await startRig(await yaml());
  expect(await stays(rig.port)).toBe(true);
  expect(await stays(rig.port)).toBe(true);
  expect(await stays(rig.port)).toBe(false);
  await dropped(rig, 1);
});

test('with TLS before their handshake', async () => {
  const rig = await startH2Rig(await yaml());
  const sessions = [rig.connect(), rig.connect()];
  await Promise.all(sessions.map((session) => once(session, 'connect')));
  await new Promise((resolve) => rig.connect().on('close', resolve));
  await dropped(rig, 1);
});
