import { connect } from 'node:net';
import { expect, test, vi } from 'vitest';
import { HEALTH_STATE } from '../../src/table/endpoint-table.ts';
import { ask, exchangeBytes } from '../support/client.ts';
import { type Origin, startOrigin, startRawOrigin } from '../support/origin.ts';
import { startRig, threeCloudsYaml, withoutWire } from '../support/rig.ts';

const NAMES = ['aws', 'gcp', 'azure'] as const;
type Origins = readonly [aws: Origin, gcp: Origin, azure: Origin];

async function threeOrigins(): Promise<Origins> {
  return (await Promise.all(NAMES.map((name) => startOrigin(name)))) as unknown as Origins;
}

function portsOf(origins: Origins): [number, number, number] {
  return [origins[0].port, origins[1].port, origins[2].port];
}

/** A client in Virginia, so that aws is the best while it is well. */
const NEAR_AWS = { 'x-forwarded-for': '3.80.0.1', 'routing-priority': 'latency' };

test('an endpoint that refuses connections is failed over from, in another cloud, and its breaker opens after five', async () => {
  const origins = await threeOrigins();
  const rig = await startRig(threeCloudsYaml(portsOf(origins)));
  await origins[0].kill();
  for (let i = 0; i < 8; i += 1) {
    expect((await ask(rig.port, { headers: NEAR_AWS })).status).toBe(200);
  }
  const tries = rig.records.map(({ attempts }) => attempts.length);
  expect(tries).toEqual([2, 2, 2, 2, 2, 1, 1, 1]);
  expect(rig.records[0]?.attempts.map(({ endpoint }) => endpoint.split('/')[1])).toEqual(['aws', 'gcp']);
  expect(rig.records[0]?.attempts).toMatchObject([
    { outcome: 'connect-refused', cause: 'ECONNREFUSED' },
    { outcome: 'success' },
  ]);
  const moves = rig.events.flatMap((event) =>
    event.type === 'breaker-moved' ? [[event.scope, event.cloud, event.to]] : [],
  );
  expect(moves).toEqual([
    ['endpoint', 'aws', 'open'],
    ['cloud', 'aws', 'open'],
  ]);
});

test('a POST whose bytes were sent is never sent again; one that was not sent is', async () => {
  const origins = await threeOrigins();
  const cutting = await startRawOrigin((socket) => {
    socket.on('data', (bytes) => {
      if (bytes.includes('POST')) got.push(bytes.toString());
      socket.destroy();
    });
  });
  const got: string[] = [];
  const rig = await startRig(threeCloudsYaml([cutting.port, origins[1].port, origins[2].port]));
  const reply = await ask(rig.port, { method: 'POST', body: 'pay', headers: NEAR_AWS });
  expect(reply.status).toBe(502);
  expect(reply.headers['proxy-status']).toMatch(/meridian-test; error=connection_terminated/);
  expect(got).toHaveLength(1);
  expect([...origins[1].seen, ...origins[2].seen]).toEqual([]);
  await cutting.close();
  expect((await ask(rig.port, { method: 'POST', body: 'pay', headers: NEAR_AWS })).status).toBe(200);
  expect(origins[1].seen[0]?.body.toString()).toBe('pay');
});

test('a PUT is replayed with its whole body; one too large to keep is not', async () => {
  const origins = await threeOrigins();
  const cutting = await startRawOrigin((socket) => socket.once('data', () => socket.resetAndDestroy()));
  const rig = await startRig(threeCloudsYaml([cutting.port, origins[1].port, origins[2].port]));
  const small = 's'.repeat(60_000);
  expect((await ask(rig.port, { method: 'PUT', body: small, headers: NEAR_AWS })).status).toBe(200);
  expect(origins[1].seen[0]?.body.toString()).toBe(small);
  const large = 'l'.repeat(1_000_000);
  const status = await ask(rig.port, { method: 'PUT', body: large, headers: NEAR_AWS }).then(
    (reply) => reply.status,
    () => 'cut off',
  );
  expect([502, 'cut off']).toContain(status);
  expect(origins[1].seen).toHaveLength(1);
});

test('a 503 is tried elsewhere, and is passed on when everyone says it', async () => {
  const origins = await threeOrigins();
  const sick = await startOrigin('sick', (_, response) => response.writeHead(503, { 'x-from': 'sick' }).end('sick'));
  const rig = await startRig(threeCloudsYaml([sick.port, origins[1].port, origins[2].port]));
  expect((await ask(rig.port, { headers: NEAR_AWS })).body).toBe('gcp');
  expect((await ask(rig.port, { method: 'POST', headers: NEAR_AWS })).status).toBe(503);
  const alone = await startRig(threeCloudsYaml([sick.port, sick.port, sick.port]));
  const reply = await ask(alone.port, { headers: NEAR_AWS });
  expect(reply).toMatchObject({ status: 503, body: 'sick' });
  expect(reply.headers['x-from']).toBe('sick');
  expect(alone.records[0]?.attempts).toHaveLength(3);
});

test('an endpoint that accepts and never answers loses the request after its patience, and is blamed for it', async () => {
  const origins = await threeOrigins();
  const rig = await startRig(threeCloudsYaml(portsOf(origins), '    timeouts: { patience: 100ms }'));
  origins[0].hang = true;
  const replies = await Promise.all(Array.from({ length: 6 }, () => ask(rig.port, { headers: NEAR_AWS })));
  expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 200));
  expect(rig.records[0]?.attempts[0]).toMatchObject({ outcome: 'outpaced' });
  expect((await ask(rig.port, { headers: NEAR_AWS })).status).toBe(200);
  expect(rig.records.at(-1)?.attempts).toHaveLength(1);
});

test('a slow answer is no failure when the next endpoint is as slow', async () => {
  const slow = (name: string) => startOrigin(name, (_, response) => void setTimeout(() => response.end(name), 250));
  const origins = (await Promise.all(NAMES.map(slow))) as unknown as Origins;
  const extra = '    timeouts: { patience: 100ms }\n    retries: { attempts: 2 }';
  const rig = await startRig(threeCloudsYaml(portsOf(origins), extra));
  expect((await ask(rig.port, { headers: NEAR_AWS })).status).toBe(200);
  expect(rig.records[0]?.attempts.map(({ outcome }) => outcome)).toEqual(['success', 'abandoned']);
});

test('with nobody left the answer is 504, after the first-byte limit', async () => {
  const origins = await threeOrigins();
  const extra = '    timeouts: { patience: off, first_byte: 150ms }\n    retries: { attempts: 1 }';
  const rig = await startRig(threeCloudsYaml(portsOf(origins), extra));
  for (const origin of origins) origin.hang = true;
  const reply = await ask(rig.port);
  expect(reply.status).toBe(504);
  expect(reply.headers['proxy-status']).toMatch(/error=http_response_timeout/);
});

test('with all endpoints down the answer is 502, and panic goes on trying', async () => {
  const origins = await threeOrigins();
  const rig = await startRig(threeCloudsYaml(portsOf(origins)));
  await Promise.all(origins.map((origin) => origin.kill()));
  for (let i = 0; i < 6; i += 1) expect((await ask(rig.port)).status).toBe(502);
  expect(rig.records.at(-1)?.attempts[0]?.panic).toBe(true);
  await origins[2].revive();
  expect((await ask(rig.port)).status).toBe(200);
});

test('drained endpoints are never tried, whatever else is down; then the answer is 503 with Retry-After', async () => {
  const origins = await threeOrigins();
  const rig = await startRig(threeCloudsYaml(portsOf(origins)));
  for (const cloud of NAMES) rig.table.live.drained[rig.row(cloud)] = 1;
  const reply = await ask(rig.port);
  expect(reply.status).toBe(503);
  expect(Number(reply.headers['retry-after'])).toBeGreaterThanOrEqual(1);
  expect(reply.headers['proxy-status']).toMatch(/destination_unavailable/);
  expect(origins.flatMap(({ seen }) => seen)).toEqual([]);
});

test('degraded endpoints serve only when no healthy one is there', async () => {
  const origins = await threeOrigins();
  const rig = await startRig(threeCloudsYaml(portsOf(origins)));
  rig.table.live.state[rig.row('aws')] = HEALTH_STATE.degraded;
  expect((await ask(rig.port, { headers: NEAR_AWS })).body).toBe('gcp');
  for (const cloud of NAMES) rig.table.live.state[rig.row(cloud)] = HEALTH_STATE.degraded;
  expect((await ask(rig.port, { headers: NEAR_AWS })).body).toBe('aws');
});

test('the retry budget bounds failovers', async () => {
  const origins = await threeOrigins();
  const extra = '    retries: { budget: 0%, budget_floor: 0 }\n    breakers: { failures: 200 }';
  const rig = await startRig(threeCloudsYaml(portsOf(origins), extra));
  await origins[0].kill();
  expect((await ask(rig.port, { headers: NEAR_AWS })).status).toBe(502);
});

test('an answer that breaks off in the middle breaks off visibly, and counts as a failure', async () => {
  const raw = await startRawOrigin((socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart');
      setTimeout(() => socket.resetAndDestroy(), 50);
    });
  });
  const rig = await startRig(threeCloudsYaml([raw.port, raw.port, raw.port]));
  await expect(ask(rig.port)).rejects.toThrow(/aborted|ECONNRESET|hang up/);
  await vi.waitFor(() => expect(rig.records[0]).toMatchObject({ how: 'broken', status: 200 }));
  expect(rig.records[0]?.attempts[0]?.outcome).toBe('reset');
});

test('a chunked answer that breaks off is not ended as if it were whole', async () => {
  const raw = await startRawOrigin((socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n');
      setTimeout(() => socket.destroy(), 50);
    });
  });
  const rig = await startRig(threeCloudsYaml([raw.port, raw.port, raw.port]));
  const text = await exchangeBytes(rig.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  expect(text).toMatch(/part/);
  expect(text).not.toMatch(/0\r\n\r\n$/);
});

test.each([
  ['garbage', 'not http at all\r\n\r\n'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
  ['both framings', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
])('an endpoint that answers with %s is a bad one: 502', async (_, bytes) => {
  const raw = await startRawOrigin((socket) => socket.once('data', () => socket.end(bytes)));
  const rig = await startRig(threeCloudsYaml([raw.port, raw.port, raw.port]));
  const reply = await ask(rig.port, { method: 'POST', body: 'x' });
  expect(reply.status).toBe(502);
});

test('a client that leaves cancels its upstream request, and nobody is blamed', async () => {
  const { promise: cancelled, resolve } = Promise.withResolvers<void>();
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const raw = await startRawOrigin((socket) => {
    socket.once('data', () => arrive());
    socket.once('close', () => resolve());
  });
  const rig = await startRig(threeCloudsYaml([raw.port, raw.port, raw.port]));
  const client = connect(rig.port, '127.0.0.1', () => client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
  client.on('error', () => {});
  await arrived;
  client.destroy();
  await cancelled;
  await vi.waitFor(() => expect(rig.records).toMatchObject([{ status: 499, how: 'client-gone' }]));
  expect(rig.records[0]?.attempts).toMatchObject([{ outcome: 'abandoned' }]);
  expect([...rig.table.live.inFlight].every((count) => count === 0)).toBe(true);
});

test('a client that leaves in the middle of an answer cancels it too', async () => {
  const { promise: cancelled, resolve } = Promise.withResolvers<void>();
  const raw = await startRawOrigin((socket) => {
    socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\npart'));
    socket.once('close', () => resolve());
  });
  const rig = await startRig(threeCloudsYaml([raw.port, raw.port, raw.port]));
  await exchangeBytes(rig.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', /part/);
  await cancelled;
  await vi.waitFor(() => expect(rig.records).toMatchObject([{ how: 'client-gone' }]));
  expect([...rig.table.live.inFlight].every((count) => count === 0)).toBe(true);
});

test('a rolling restart of all three endpoints costs no GET', async () => {
  const origins = await threeOrigins();
  const rig = await startRig(threeCloudsYaml(portsOf(origins)));
  let running = true;
  const statuses: number[] = [];
  const load = Array.from({ length: 8 }, async () => {
    while (running) statuses.push((await ask(rig.port, { headers: NEAR_AWS })).status);
  });
  for (const origin of origins) {
    await origin.kill();
    const seen = statuses.length;
    await vi.waitUntil(() => statuses.length > seen + 100, { timeout: 20_000 });
    await origin.revive();
  }
  running = false;
  await Promise.all(load);
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
});

test.each([
  ['wire', (yaml: string) => yaml],
  ['general', withoutWire],
])('requests that wait for an endpoint that has fallen silent go elsewhere half way: %s engine', async (_, engine) => {
  const [, gcp, azure] = await threeOrigins();
  const silent = await startOrigin('aws', () => {});
  const rig = await startRig(engine(threeCloudsYaml([silent.port, gcp.port, azure.port])));
  const begunMs = performance.now();
  const waiting = ask(rig.port, { headers: NEAR_AWS });
  await vi.waitFor(() => expect(silent.seen).toHaveLength(1));
  rig.table.live.silent[0] = 1;
  expect((await waiting).body).toBe('gcp');
  const tookMs = performance.now() - begunMs;
  expect([tookMs >= 450, tookMs < 1000]).toEqual([true, true]);
  expect(rig.records[0]?.attempts.map(({ outcome }) => outcome)).toEqual(['abandoned', 'success']);
  // Whoever comes next does not wait at all.
  await ask(rig.port, { headers: NEAR_AWS });
  expect(rig.records[1]?.attempts.map(({ endpoint }) => endpoint.split('/')[1])).toEqual(['gcp']);
});
