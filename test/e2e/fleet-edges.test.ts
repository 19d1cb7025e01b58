import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { ask } from '../support/client.ts';
import { type FleetEdge, type RunningFleet, startFleet } from '../support/fleet-edges.ts';
import { startOrigin } from '../support/origin.ts';

// Three whole edges that share what operators decided and what each sees. What they share it through is `link` in
// test/support/fleet-edges.ts, and nothing here knows it.

const GCP = { cloud: 'gcp', region: 'europe-west1' };
const WHY = { reason: 'a test' };
const SOON = { timeout: 10_000, interval: 20 };

type Sent = { readonly startMs: number; readonly by: string; readonly status: number };

/** Clients that ask an edge one request after the other until the test says so. */
function load(edge: FleetEdge, clients: number) {
  const sent: Sent[] = [];
  let going = true;
  const client = async () => {
    while (going) {
      const startMs = performance.now();
      const { status, body } = await edge.ask();
      sent.push({ startMs, by: body, status });
    }
  };
  const all = Promise.all(Array.from({ length: clients }, client));
  return {
    sent,
    /** Resolves when this many more requests have been answered. */
    more: (count: number) => {
      const wanted = sent.length + count;
      return vi.waitFor(() => expect(sent.length).toBeGreaterThanOrEqual(wanted), SOON);
    },
    stop: async () => {
      going = false;
      await all;
      return sent;
    },
  };
}

/** Waits until an edge has so many overrides in force. */
function heard(edge: FleetEdge, count: number): Promise<void> {
  return vi.waitFor(async () => expect((await edge.fleet()).overrides).toHaveLength(count), SOON);
}

async function allUp({ edges }: RunningFleet): Promise<void> {
  await vi.waitFor(async () => {
    for (const edge of edges) {
      const { endpoints } = await edge.get<{ endpoints: { state: string }[] }>('/status');
      expect(endpoints.map(({ state }) => state)).toEqual(['healthy', 'healthy', 'healthy']);
    }
  }, SOON);
}

test('a region that is drained at one edge gets not one request more, at any edge, under load and across reloads', {
  timeout: 60_000,
}, async () => {
  const flaky =
    (cloud: string) =>
    (request: { url?: string | undefined }, response: { statusCode: number; end: (text: string) => void }) => {
      // Another try is needed now and then, and it must not go there either.
      if (cloud === 'aws') response.statusCode = 503;
      response.end(request.url === '/' ? cloud : '');
    };
  const fleet = await startFleet({
    answer: flaky,
    service: () => '    breakers: { failures: 255 }\n    retries: { budget: 100%, budget_floor: 1000 }',
  });
  await allUp(fleet);
  const loads = fleet.edges.map((edge) => load(edge, 4));
  await Promise.all(loads.map(({ more }) => more(100)));
  for (const { sent } of loads) expect(sent.some(({ by }) => by === 'gcp')).toBe(true);

  const answer = await fleet.edges[0].post('/drain', { ...GCP, ...WHY });
  const drainedMs = fleet.edges.map(() => performance.now());
  for (const [i, edge] of fleet.edges.entries()) {
    // The edge that was asked holds to it from its answer on; the others, from when they have heard of it.
    if (i > 0) await heard(edge, 1);
    if (i > 0) drainedMs[i] = performance.now();
  }
  expect(answer).toMatchObject({ status: 200, stored: 'primary', endpoints: 1, scope: 'gcp/europe-west1' });
  await Promise.all(loads.map(({ more }) => more(100)));
  const { gcp } = fleet.origins;
  const known = gcp.seen.length;
  const another = await startOrigin('gcp-2');
  onTestFinished(() => another.kill());
  const row = `      - { cloud: gcp, region: europe-west1, url: "http://127.0.0.1:${another.port}" }\n`;
  // A new endpoint in the drained region: it has a row that nobody has drained.
  for (const edge of fleet.edges) await edge.rewrite((yaml) => `${yaml}${row}`);
  for (const edge of fleet.edges) {
    await vi.waitFor(async () => {
      const { endpoints } = await edge.get<{ endpoints: { id: string; state: string; drained: boolean }[] }>('/status');
      const there = endpoints.find(({ id }) => id.endsWith(`:${another.port}`));
      expect(there).toMatchObject({ state: 'healthy', drained: true });
    }, SOON);
  }
  await Promise.all(loads.map(({ more }) => more(200)));
  for (const edge of fleet.edges) await edge.rewrite((yaml) => yaml.replace(row, ''));
  await Promise.all(loads.map(({ more }) => more(100)));
  const sent = await Promise.all(loads.map(({ stop }) => stop()));
  const all = sent.flat();
  const after = sent.flatMap((its, i) => its.filter(({ startMs }) => startMs > (drainedMs[i] as number)));
  expect(after.length).toBeGreaterThan(900);
  expect(after.filter(({ by }) => by.startsWith('gcp'))).toEqual([]);
  expect(another.seen).toEqual([]);
  expect(gcp.seen.length).toBe(known);
  expect(all.filter(({ status }) => status >= 500 && status !== 503)).toEqual([]);
});

test('it ends by itself on every edge when its time is over, also on one that is cut off', async () => {
  const fleet = await startFleet();
  await allUp(fleet);
  const [a, b, c] = fleet.edges;
  await b.post('/drain', { ...GCP, for: '1h', ...WHY });
  for (const edge of fleet.edges) await heard(edge, 1);
  fleet.cut('nrt-1');
  for (const edge of fleet.edges) expect((await edge.ask()).body).not.toBe('gcp');
  fleet.wall.forwardMs(59 * 60_000);
  expect((await a.fleet()).overrides).toHaveLength(1);
  fleet.wall.forwardMs(60_000);
  for (const edge of [a, b, c]) {
    await vi.waitFor(async () => expect((await edge.fleet()).overrides).toEqual([]), SOON);
    await vi.waitFor(async () => expect((await edge.ask()).body).toBe('gcp'), SOON);
    expect(edge.events.findLast(({ type }) => type === 'override-changed')).toMatchObject({ status: 'ended' });
  }
});

test('what is drained no more comes back on the ramp, like an endpoint that was down', async () => {
  const fleet = await startFleet({ service: () => '' });
  const [a] = fleet.edges;
  await a.rewrite((yaml) => yaml.replace('ramp: 0s', 'ramp: 1h'));
  await vi.waitFor(async () => expect((await a.ask()).body).toBe('gcp'), SOON);
  await a.post('/drain', { ...GCP, ...WHY });
  expect((await a.ask()).body).not.toBe('gcp');
  await heard(fleet.edges[1], 1);
  expect(await fleet.edges[1].post('/undrain', { ...GCP, actor: 'ann' })).toMatchObject({ level: null, inForce: [] });
  await heard(a, 0);
  const answers = await Promise.all(Array.from({ length: 100 }, () => a.ask()));
  const back = answers.filter(({ body }) => body === 'gcp').length;
  // A tenth at first; a hundred draws of a tenth are more than 30 once in ten million times.
  expect(back).toBeLessThan(30);
});

test('two operators who cannot hear each other: the safer word holds everywhere once they can', async () => {
  const fleet = await startFleet();
  const [a, b, c] = fleet.edges;
  await a.post('/drain', { ...GCP, ...WHY });
  await heard(b, 1);
  fleet.cut('fra-1');
  expect(await a.post('/undrain', GCP)).toMatchObject({ stored: 'primary' });
  expect(await b.post('/weight', { ...GCP, weight: 0, for: '2h', actor: 'bob', ...WHY })).toMatchObject({
    kind: 'drain',
    stored: 'here',
    trouble: expect.stringContaining('cannot be reached') as string,
  });
  expect((await a.fleet()).overrides).toEqual([]);
  fleet.heal('fra-1');
  for (const edge of [a, b, c]) {
    await vi.waitFor(
      async () => expect((await edge.fleet()).overrides).toMatchObject([{ kind: 'drain', actor: 'bob' }]),
      SOON,
    );
  }
  // Whoever has heard of both has the last word.
  expect(await c.post('/undrain', GCP)).toMatchObject({ stored: 'primary' });
  for (const edge of [a, b, c]) await vi.waitFor(async () => expect((await edge.fleet()).overrides).toEqual([]), SOON);
});

test('requests of all edges fill an endpoint; those of one that is heard of no more do not', async () => {
  const held: { end: (text: string) => void }[] = [];
  const hold =
    (cloud: string) => (request: { url?: string | undefined }, response: { end: (text: string) => void }) => {
      if (cloud === 'gcp' && request.url === '/hold') held.push(response);
      else response.end(cloud);
    };
  const fleet = await startFleet({ answer: hold, service: () => '    timeouts: { patience: off }' });
  await allUp(fleet);
  const [a, b] = fleet.edges;
  const holding = Array.from({ length: 10 }, () => a.ask({ path: '/hold' }));
  await vi.waitFor(() => expect(held).toHaveLength(10), SOON);
  await a.post('/capacity', { ...GCP, capacity: 1, ...WHY });
  await heard(b, 1);
  type Shown = { endpoints: { cloud: string; inFlight: number; fleetInFlight: number; capacity: number }[] };
  const gcp = async () => (await b.get<Shown>('/status')).endpoints.find(({ cloud }) => cloud === 'gcp');
  // What is told is a mean, which follows within seconds.
  await vi.waitFor(async () => {
    const shown = await gcp();
    expect(shown).toMatchObject({ inFlight: 0, capacity: 1 });
    expect(shown?.fleetInFlight).toBeGreaterThan(4);
  }, SOON);
  expect((await b.ask()).body).not.toBe('gcp');
  const { decision } = await b.get<{ decision: { candidates: { cloud: string }[] } }>('/explain?client_ip=91.0.0.1');
  expect(decision.candidates.find(({ cloud }) => cloud === 'gcp')).toMatchObject({
    standing: 'full',
    capacityInFile: 100,
  });
  fleet.cut('iad-1');
  await vi.waitFor(async () => expect(await gcp()).toMatchObject({ fleetInFlight: 0 }), SOON);
  expect((await b.ask()).body).toBe('gcp');
  for (const response of held) response.end('held');
  for (const answer of await Promise.all(holding)) expect(answer.body).toBe('held');
});

test('an edge that alone sees a region down alerts that it is cut off from it, and its clients go elsewhere', async () => {
  let lost = false;
  const answer =
    (cloud: string) =>
    (request: { url?: string | undefined }, response: { statusCode: number; end: (text: string) => void }) => {
      if (lost && cloud === 'gcp' && request.url === '/check/iad-1') response.statusCode = 500;
      response.end(cloud);
    };
  const fleet = await startFleet({
    answer,
    top: () =>
      'alerts: { interval: 1s, resolve_after: 0s, rules: { geo_old: { enabled: false }, cut_off: { for: 0s } } }',
    service: (edge) => `    health: { interval: 300ms, timeout: 250ms, path: /check/${edge} }`,
  });
  await allUp(fleet);
  const [a, b] = fleet.edges;
  const alerts = async (edge: FleetEdge) =>
    (await edge.get<{ alerts: { alert: string; summary: string }[] }>('/alerts')).alerts;
  lost = true;
  await vi.waitFor(async () => {
    expect((await alerts(a)).map(({ alert }) => alert)).toEqual(['MeridianEdgeCutOff']);
  }, SOON);
  expect((await alerts(a))[0]?.summary).toMatch(/^this edge is cut off from gcp\/europe-west1: it sees shop\/gcp/);
  expect(await alerts(b)).toEqual([]);
  expect((await a.ask()).body).not.toBe('gcp');
  expect((await b.ask()).body).toBe('gcp');
  expect((await a.fleet()).doubted).toMatchObject([{ here: 'down', up: 2, down: 0, quorum: 'up', cutOff: true }]);
  await vi.waitFor(async () => {
    expect((await b.fleet()).doubted).toMatchObject([{ here: 'up', up: 1, down: 1, quorum: 'up', cutOff: false }]);
  }, SOON);
});

test('an experiment of the fleet runs on every edge that has chaos enabled, and a stop anywhere stops it everywhere', async () => {
  const fleet = await startFleet({ top: (edge) => `chaos: { enabled: ${edge !== 'nrt-1'} }` });
  await allUp(fleet);
  const [a, b, c] = fleet.edges;
  const slow = { name: 'slow', kind: 'latency', delay: '1ms', radius: 1, for: '1h', fleet: true };
  expect(await c.post('/chaos/start', slow)).toMatchObject({ status: 409, error: 'chaos is off' });
  expect(await a.post('/chaos/start', slow)).toMatchObject({ status: 200, stored: 'primary' });
  for (const edge of [a, b]) {
    await vi.waitFor(async () => expect((await edge.ask()).headers['chaos']).toBe('slow'), SOON);
  }
  expect((await c.ask()).headers['chaos']).toBeUndefined();
  expect(await b.post('/chaos/stop', { name: 'slow' })).toMatchObject({ running: [], stored: 'primary' });
  for (const edge of [a, b]) {
    await vi.waitFor(async () => expect((await edge.ask()).headers['chaos']).toBeUndefined(), SOON);
  }
  expect(a.meridian.chaos.ended[0]).toMatchObject({ experiment: 'slow', reason: 'fleet' });
});

test('a WebSocket at an endpoint that is drained goes on; a new one goes elsewhere', async () => {
  const servers = await Promise.all(
    ['aws', 'gcp', 'azure'].map(async (name) => {
      const server = createServer((_, response) => response.end(name));
      const sockets = new WebSocketServer({ server });
      sockets.on('connection', (socket) => {
        socket.on('message', (data: Buffer) => socket.send(`${name}: ${data.toString()}`));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => {
        for (const socket of sockets.clients) socket.terminate();
        server.close();
      });
      return (server.address() as AddressInfo).port;
    }),
  );
  const fleet = await startFleet();
  const [a, b] = fleet.edges;
  const { aws, gcp, azure } = fleet.origins;
  await a.rewrite((yaml) =>
    [aws, gcp, azure].reduce((text, { port }, i) => text.replaceAll(`:${port}"`, `:${servers[i]}"`), yaml),
  );
  const opened = async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${a.port}/`, { headers: { 'x-forwarded-for': '91.0.0.1' } });
    onTestFinished(() => socket.terminate());
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return socket;
  };
  const echo = (socket: WebSocket, text: string) => {
    socket.send(text);
    return new Promise((resolve) => socket.once('message', (data: Buffer) => resolve(data.toString())));
  };
  await allUp(fleet);
  const before = await opened();
  expect(await echo(before, 'one')).toBe('gcp: one');
  await b.post('/drain', { ...GCP, ...WHY });
  await heard(a, 1);
  expect(await echo(before, 'two')).toBe('gcp: two');
  expect(await echo(await opened(), 'three')).not.toMatch(/^gcp/);
});

test('metrics, readiness and the answer of GET /fleet say how the fleet is', async () => {
  const fleet = await startFleet();
  const [a] = fleet.edges;
  await a.post('/drain', { ...GCP, ...WHY });
  const metrics = async () => (await a.meridian.control.metrics.render()).body.split('\n');
  expect(await metrics()).toEqual(
    expect.arrayContaining([
      'meridian_fleet_edges 3',
      'meridian_fleet_region_up{region="us-east-1",role="primary"} 1',
      'meridian_overrides_in_force{kind="drain"} 1',
      'replication_lag_seconds{source_region="us-east-1",target_region="elsewhere"} 0.25',
    ]),
  );
  fleet.cut('iad-1');
  expect(await metrics()).toEqual(
    expect.arrayContaining([
      'meridian_fleet_edges 1',
      'meridian_fleet_region_up{region="us-east-1",role="primary"} 0',
      'replication_lag_seconds{source_region="us-east-1",target_region="elsewhere"} +Inf',
    ]),
  );
  expect(await a.fleet()).toMatchObject({ edge: 'iad-1', region: 'us-east-1', shared: true, edges: [{ id: 'iad-1' }] });
  const ready = await ask(a.admin, { path: '/readyz?verbose' });
  expect(ready.status).toBe(200);
  expect(ready.body).toMatch(/^\[\+\]fleet ok: 1 edges heard; trouble: .*us-east-1 cannot be reached/m);
  await a.rewrite((yaml) => yaml.replace('report: 100ms', 'report: 200ms'));
  expect(a.events.findLast(({ type }) => type === 'restart-needed')).toMatchObject({ keys: ['fleet'] });
});
