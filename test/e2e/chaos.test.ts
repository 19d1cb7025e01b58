import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { ChaosPlanner } from '../../src/chaos/planner.ts';
import type { Event } from '../../src/table/event.ts';
import { SLI } from '../../src/table/worker-block.ts';
import type { Rig } from '../support/bare-rig.ts';
import { runningOf } from '../support/chaos.ts';
import { ask, exchangeBytes } from '../support/client.ts';
import { type Answer, startOrigin } from '../support/origin.ts';
import { startRig, threeCloudsYaml } from '../support/rig.ts';

// Faults as clients and endpoints see them, over real sockets.

const FROM_VIRGINIA = { 'x-forwarded-for': '3.80.0.1' };
const ONE_TRY = 'retries: { attempts: 1 }';

/** An edge before three origins that all answer the same, and experiments to run on it. */
async function stageOf(answer?: Answer, service = '') {
  const origins = await Promise.all(['aws', 'gcp', 'azure'].map((name) => startOrigin(name, answer)));
  const planner = new ChaosPlanner();
  const [aws, gcp, azure] = origins.map(({ port }) => port) as [number, number, number];
  const yaml = threeCloudsYaml([aws, gcp, azure], service === '' ? '' : `    ${service}`);
  return { rig: await startRig(yaml, { chaos: planner }), planner, origins };
}

function seen(origins: readonly { readonly seen: readonly unknown[] }[]): number[] {
  return origins.map((origin) => origin.seen.length);
}

function sliOf({ block, placement }: Rig): Record<string, number> {
  const slot = placement.slots['shop'] as number;
  return Object.fromEntries(SLI.map((name, i) => [name, block.sli[slot * SLI.length + i] as number]));
}

function flushed(planner: ChaosPlanner): readonly Event[] {
  const events: Event[] = [];
  planner.flush((event) => events.push(event));
  return events;
}

test('while nothing runs, nothing is drawn, marked or excluded', async () => {
  const { rig, planner } = await stageOf();
  const reply = await ask(rig.port, { headers: FROM_VIRGINIA });
  expect(reply.headers['chaos']).toBeUndefined();
  expect(rig.records[0]?.chaos).toBeUndefined();
  expect(sliOf(rig)).toEqual({ good: 1, bad: 0, aborted: 0, excluded: 0 });
  expect(flushed(planner)).toEqual([]);
});

test('latency delays the attempt, and header, log, metric and SLI say so', async () => {
  const { rig, planner } = await stageOf(undefined, 'timeouts: { patience: off }');
  planner.run([
    runningOf('slow', { kind: 'latency', delayMs: 120 }),
    runningOf('slower', { kind: 'latency', delayMs: 80 }),
  ]);
  const startMs = performance.now();
  const reply = await ask(rig.port, { headers: FROM_VIRGINIA });
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(199);
  expect(reply).toMatchObject({ status: 200, body: 'aws', headers: { chaos: 'slow, slower' } });
  expect(rig.records[0]?.chaos).toBe('slow, slower');
  expect(rig.records[0]?.attempts[0]?.firstByteMs).toBeGreaterThanOrEqual(199);
  expect(sliOf(rig)).toEqual({ good: 0, bad: 0, aborted: 0, excluded: 1 });
  expect(flushed(planner)).toEqual([
    { type: 'chaos-injected', experiment: 'slow', kind: 'latency', count: 1 },
    { type: 'chaos-injected', experiment: 'slower', kind: 'latency', count: 1 },
  ]);
});

test('latency above patience looks like a slow endpoint: the request goes elsewhere', async () => {
  const { rig, planner, origins } = await stageOf(undefined, 'timeouts: { patience: 50ms }');
  planner.run([runningOf('slow', { kind: 'latency', delayMs: 5000 }, { scope: { cloud: 'aws' } })]);
  const reply = await ask(rig.port, { headers: FROM_VIRGINIA });
  expect(reply).toMatchObject({ status: 200, headers: { chaos: 'slow' } });
  expect(reply.body).not.toBe('aws');
  expect(seen(origins)[0]).toBe(0);
  expect(rig.records[0]?.attempts.map(({ outcome }) => outcome)).toEqual(['outpaced', 'success']);
});

test('latency above every limit ends as a timeout, not later', async () => {
  const { rig, planner } = await stageOf(
    undefined,
    'timeouts: { patience: off, first_byte: 200ms }\n    retries: { attempts: 1 }',
  );
  planner.run([runningOf('stuck', { kind: 'latency', delayMs: 20_000 })]);
  const startMs = performance.now();
  const reply = await ask(rig.port, { headers: FROM_VIRGINIA });
  expect(reply).toMatchObject({ status: 504, headers: { chaos: 'stuck' } });
  expect(performance.now() - startMs).toBeLessThan(3000);
});

test.each([
  ['refused' as const, 'connect-refused'],
  ['reset' as const, 'reset'],
  [503, 'error-status'],
])('a failure (%s) is below retries: another endpoint answers', async (answer, outcome) => {
  const { rig, planner, origins } = await stageOf();
  planner.run([runningOf('fail-aws', { kind: 'failure', answer, errorRate: 1 }, { scope: { cloud: 'aws' } })]);
  const reply = await ask(rig.port, { headers: FROM_VIRGINIA });
  expect(reply).toMatchObject({ status: 200, headers: { chaos: 'fail-aws' } });
  expect(reply.body).not.toBe('aws');
  expect(seen(origins)[0]).toBe(0);
  expect(rig.records[0]?.attempts.map((attempt) => attempt.outcome)).toEqual([outcome, 'success']);
  expect(flushed(planner)).toEqual([{ type: 'chaos-injected', experiment: 'fail-aws', kind: 'failure', count: 1 }]);
});

test.each([
  ['refused' as const, 502],
  ['reset' as const, 502],
  [500, 500],
  [429, 429],
])('a failure (%s) that nothing is left for reaches the client, marked', async (answer, status) => {
  const { rig, planner, origins } = await stageOf(undefined, ONE_TRY);
  planner.run([runningOf('fail', { kind: 'failure', answer, errorRate: 1 })]);
  const reply = await ask(rig.port, { headers: FROM_VIRGINIA });
  expect(reply).toMatchObject({ status, headers: { chaos: 'fail' } });
  expect((await ask(rig.port, { method: 'HEAD', headers: FROM_VIRGINIA })).body).toBe('');
  expect(seen(origins)).toEqual([0, 0, 0]);
  expect(sliOf(rig)).toMatchObject({ good: 0, bad: 0, excluded: 2 });
  expect(rig.block.chaosBad[rig.placement.slots['shop'] as number]).toBe(status >= 500 ? 2 : 0);
});

test('failures open breakers like those of an endpoint', async () => {
  const { rig, planner } = await stageOf(undefined, 'breakers: { failures: 2 }');
  planner.run([runningOf('fail', { kind: 'failure', answer: 'refused', errorRate: 1 }, { scope: { cloud: 'aws' } })]);
  for (let i = 0; i < 5; i += 1) await ask(rig.port, { headers: FROM_VIRGINIA });
  expect(rig.records.map(({ attempts }) => attempts.length)).toEqual([2, 2, 1, 1, 1]);
});

test('a POST that an experiment resets is not sent twice, one that it refuses is', async () => {
  const { rig, planner, origins } = await stageOf();
  const scope = { cloud: 'aws' } as const;
  planner.run([runningOf('fail', { kind: 'failure', answer: 'reset', errorRate: 1 }, { scope })]);
  const order = { method: 'POST', headers: FROM_VIRGINIA, body: 'order' };
  expect((await ask(rig.port, order)).status).toBe(502);
  expect(seen(origins)).toEqual([0, 0, 0]);
  planner.run([runningOf('fail', { kind: 'failure', answer: 'refused', errorRate: 1 }, { scope })]);
  expect((await ask(rig.port, order)).status).toBe(200);
  const got = origins.flatMap((origin) => origin.seen);
  expect(got.map(({ body }) => body.toString())).toEqual(['order']);
});

test('only requests of the priority in scope are touched', async () => {
  const { rig, planner } = await stageOf(undefined, ONE_TRY);
  planner.run([runningOf('fail', { kind: 'failure', answer: 500, errorRate: 1 }, { scope: { priority: 'latency' } })]);
  expect((await ask(rig.port, { headers: { ...FROM_VIRGINIA, 'routing-priority': 'latency' } })).status).toBe(500);
  expect((await ask(rig.port, { headers: FROM_VIRGINIA })).status).toBe(200);
});

const TEN: Answer = (_, response) => {
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.setHeader('etag', '"whole"');
  response.end(JSON.stringify(Array.from({ length: 10 }, (_item, n) => ({ n, text: 'ü' }))));
};

test('a partial answer keeps the first share of a JSON array, as a whole answer that no cache keeps', async () => {
  const { rig, planner } = await stageOf(TEN);
  planner.run([runningOf('part', { kind: 'partial', keep: 0.3 })]);
  const reply = await ask(rig.port, { headers: FROM_VIRGINIA });
  expect(JSON.parse(Buffer.from(reply.body, 'latin1').toString())).toEqual([0, 1, 2].map((n) => ({ n, text: 'ü' })));
  expect(reply.headers).toMatchObject({ chaos: 'part', 'cache-control': 'no-store' });
  expect(reply.headers['content-length']).toBe(String(reply.body.length));
  expect(reply.headers['etag']).toBeUndefined();
  expect(rig.records[0]?.attempts[0]?.outcome).toBe('success');
});

const REQUEST = 'GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 3.80.0.1\r\n\r\n';

test.each<[string, Answer, RegExp]>([
  [
    'text with a length',
    (_, response) => response.setHeader('content-length', '10').end('0123456789'),
    /Content-Length: 10[\s\S]*\r\n\r\n012$/i,
  ],
  [
    'JSON that is no array',
    (_, response) => response.setHeader('content-type', 'application/json').end('{"a":12345'),
    /Content-Length: 10[\s\S]*\r\n\r\n\{"a$/i,
  ],
  [
    'compressed JSON',
    (_, response) => {
      response.setHeader('content-type', 'application/json').setHeader('content-encoding', 'br');
      response.end('[123456,8]');
    },
    /\r\n\r\n\[12$/,
  ],
])('%s is cut off so that the client can tell', async (_, answer, pattern) => {
  const { rig, planner } = await stageOf(answer);
  planner.run([runningOf('part', { kind: 'partial', keep: 0.3 })]);
  const text = await exchangeBytes(rig.port, REQUEST);
  expect(text).toMatch(/Chaos: part/);
  expect(text).toMatch(pattern);
  expect(rig.records[0]).toMatchObject({ how: 'broken', chaos: 'part', attempts: [{ outcome: 'reset' }] });
  await expect(ask(rig.port, { headers: FROM_VIRGINIA })).rejects.toThrow(/aborted|ECONNRESET/);
});

test('a partial fault on a stream that never ends breaks off after a share of its first part, and holds nothing', async () => {
  const { rig, planner, origins } = await stageOf((_, response) => {
    response.setHeader('content-type', 'text/event-stream');
    response.write('data: 0123456789\n\n');
  });
  planner.run([runningOf('part', { kind: 'partial', keep: 0.5 })]);
  const text = await exchangeBytes(rig.port, REQUEST);
  expect(text).toMatch(/Chaos: part/);
  expect(text).toContain('data: 012\r\n');
  expect(text).not.toContain('3456');
  expect(text).not.toMatch(/\r\n0\r\n\r\n$/);
  expect(seen(origins)).toEqual([1, 0, 0]);
});

test('JSON that never ends is not held for long', async () => {
  const { rig, planner } = await stageOf((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.write('[1,2,3,4,5');
  });
  planner.run([runningOf('part', { kind: 'partial', keep: 0.5 })]);
  const startMs = performance.now();
  expect(await exchangeBytes(rig.port, REQUEST)).toContain('[1,2,\r\n');
  expect(performance.now() - startMs).toBeLessThan(4000);
});

test('a JSON array too large to hold is cut off', async () => {
  const items = JSON.stringify(Array.from({ length: 300_000 }, (_, n) => n));
  const { rig, planner } = await stageOf((_, response) => {
    response.setHeader('content-type', 'application/json').end(items);
  });
  planner.run([runningOf('part', { kind: 'partial', keep: 0.5 })]);
  const text = await exchangeBytes(rig.port, REQUEST);
  const body = text.slice(text.indexOf('\r\n\r\n') + 4);
  expect(body).toBe(items.slice(0, Math.floor(items.length / 2)));
});

test('answers without a body, and those that are no success, are left whole', async () => {
  const { rig, planner } = await stageOf((request, response) => {
    response.statusCode = request.url === '/gone' ? 404 : 204;
    response.end(request.url === '/gone' ? 'no such thing' : undefined);
  });
  planner.run([runningOf('part', { kind: 'partial', keep: 0.1 })]);
  expect(await ask(rig.port, { path: '/gone', headers: FROM_VIRGINIA })).toMatchObject({
    status: 404,
    body: 'no such thing',
  });
  const empty = await ask(rig.port, { headers: FROM_VIRGINIA });
  expect(empty.status).toBe(204);
  expect(empty.headers['chaos']).toBeUndefined();
});

test('a client that leaves while its request is held back is let go', async () => {
  const { rig, planner, origins } = await stageOf(undefined, 'timeouts: { patience: off }');
  planner.run([runningOf('slow', { kind: 'latency', delayMs: 400 })]);
  const socket = connect(rig.port, '127.0.0.1', () => socket.write(REQUEST));
  await expect.poll(() => rig.table.live.inFlight[rig.row('aws')]).toBe(1);
  socket.destroy();
  await once(socket, 'close');
  await expect.poll(() => rig.records[0]?.how).toBe('client-gone');
  expect(rig.table.live.inFlight[rig.row('aws')]).toBe(0);
  planner.run([]);
  // Whatever was still to come of it would have come before the answer to another one.
  await ask(rig.port, { headers: FROM_VIRGINIA });
  expect(seen(origins).reduce((sum, count) => sum + count)).toBe(1);
});

const UPGRADE = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\nX-Forwarded-For: 3.80.0.1\r\n\r\n';

test('upgrades are failed and delayed too', async () => {
  const { rig, planner } = await stageOf(undefined, ONE_TRY);
  planner.run([runningOf('fail', { kind: 'failure', answer: 500, errorRate: 1 })]);
  expect(await exchangeBytes(rig.port, UPGRADE)).toMatch(/^HTTP\/1\.1 500 [\s\S]*Chaos: fail/);
  planner.run([runningOf('fail', { kind: 'failure', answer: 'reset', errorRate: 1 })]);
  expect(await exchangeBytes(rig.port, UPGRADE)).toMatch(/^HTTP\/1\.1 502 [\s\S]*Chaos: fail/);
  planner.run([runningOf('slow', { kind: 'latency', delayMs: 100 })]);
  const startMs = performance.now();
  expect(await exchangeBytes(rig.port, UPGRADE)).toMatch(/^HTTP\/1\.1 200 [\s\S]*Chaos: slow/);
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(99);
  expect(rig.records.every(({ chaos }) => chaos !== undefined)).toBe(true);
});
