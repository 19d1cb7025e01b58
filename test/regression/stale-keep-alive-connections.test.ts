import { describe, expect, test, vi } from 'vitest';
import { ask } from '../support/client.ts';
import { startRawOrigin } from '../support/origin.ts';
import { startRig } from '../support/rig.ts';

const yaml = (port: number, engine: string): string => `version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", accelerator: ${engine} }
retries: { attempts: 1, budget: 0%, budget_floor: 0 }
breakers: { failures: 2 }
services:
  shop:
    endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${port}" }]
`;

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** Takes one request a connection; the second one finds the connection given up, as the origin does with all that are idle. */
async function givingUp(how: 'reset' | 'end') {
  const origin = { requests: 0, connections: 0 };
  const raw = await startRawOrigin((socket) => {
    origin.connections += 1;
    let answered = false;
    socket.on('data', () => {
      origin.requests += 1;
      if (!answered) socket.write(OK);
      else if (how === 'reset') socket.resetAndDestroy();
      else socket.end();
      answered = true;
    });
  });
  return { ...raw, origin };
}

describe.each(['on', 'off'])('accelerator %s', (engine) => {
  test.each(['reset', 'end'] as const)(
    'an origin that gives up (%s) what is idle loses no GET, and is not blamed',
    async (how) => {
      const { port, close, origin } = await givingUp(how);
      const rig = await startRig(yaml(port, engine));
      for (let i = 0; i < 20; i += 1) expect((await ask(rig.port)).body).toBe('ok');
      expect(rig.records.every(({ attempts }) => attempts.length === 1)).toBe(true);
      expect(rig.events).toEqual([]);
      expect(origin.connections).toBeGreaterThan(10);
      await close();
    },
  );

  test('forty at once that find all their connections dead each get one new one, never another dead one', async () => {
    const { port, close, origin } = await givingUp('reset');
    const rig = await startRig(yaml(port, engine));
    for (let round = 0; round < 3; round += 1) {
      const replies = await Promise.all(Array.from({ length: 40 }, () => ask(rig.port)));
      expect(replies.map(({ status }) => status)).toEqual(Array(40).fill(200));
    }
    expect(rig.events).toEqual([]);
    // One that was sent twice was sent twice, and none three times.
    expect(origin.requests).toBeLessThanOrEqual(3 * 40 * 2);
    await close();
  });

  test('a POST that went out on a dead one is not sent again, and nobody is blamed for it', async () => {
    const { port, close, origin } = await givingUp('reset');
    const rig = await startRig(yaml(port, engine));
    const post = () => ask(rig.port, { method: 'POST', body: 'pay' });
    const statuses: number[] = [];
    for (let i = 0; i < 8; i += 1) {
      statuses.push((await post()).status);
      await vi.waitFor(() => expect(rig.records).toHaveLength(i + 1));
    }
    expect(statuses).toEqual([200, 502, 200, 502, 200, 502, 200, 502]);
    expect(origin.requests).toBe(8);
    expect(rig.records[1]?.attempts).toMatchObject([{ outcome: 'stale-connection' }]);
    expect(rig.events).toEqual([]);
    await close();
  });

  test('a new connection that dies too is the endpoint’s fault', async () => {
    const raw = await startRawOrigin((socket) => socket.on('data', () => void socket.resetAndDestroy()));
    const rig = await startRig(yaml(raw.port, engine));
    for (let i = 0; i < 3; i += 1) expect((await ask(rig.port)).status).toBeGreaterThanOrEqual(502);
    expect(rig.records[0]?.attempts).toMatchObject([{ outcome: 'reset' }]);
    expect(rig.events).toContainEqual(expect.objectContaining({ type: 'breaker-moved', to: 'open' }));
    await raw.close();
  });
});
