import { expect, test, vi } from 'vitest';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { run, temporaryFolder } from '../support/process.ts';
import { threeCloudsYaml } from '../support/rig.ts';

// Experiments in a whole process: started and stopped on its admin port, put in by its threads, ended by its guard.

const CHAOS = `admin: { listen: "127.0.0.1:0" }
health: { interval: 200ms, timeout: 100ms }
log: { access: false }
chaos:
  enabled: true
  experiments:
    slow: { kind: latency, delay: 150ms, radius: 100% }`;

/** So that there are as many injections as answers that failed. */
const ONE_TRY = '    retries: { attempts: 1 }';

async function started(chaos = CHAOS) {
  const origins = await Promise.all(['aws', 'gcp', 'azure'].map((name) => startOrigin(name)));
  const [aws, gcp, azure] = origins.map(({ port }) => port) as [number, number, number];
  const yaml = threeCloudsYaml([aws, gcp, azure], ONE_TRY, chaos).replace(
    'id: test,',
    'id: test, workers: 2, drain: 0s,',
  );
  const file = temporaryFolder();
  const running = run(['start', '-c', file.write('meridian.yaml', yaml)]);
  const found = await running.printed(/serving 127\.0\.0\.1:(\d+) .*admin on 127\.0\.0\.1:(\d+)/);
  const [port, admin] = [Number(found[1]), Number(found[2])];
  const order = async (path: string, body: object) => {
    const reply = await ask(admin, { method: 'POST', path, body: JSON.stringify(body) });
    return { status: reply.status, ...(JSON.parse(reply.body) as Record<string, unknown>) };
  };
  return { running, port, admin, order, file, yaml };
}

type Sent = { readonly atMs: number; readonly status: number; readonly chaos: string | undefined };

/** One request after the other until `done` says so. */
async function keepAsking(port: number, done: (sent: readonly Sent[]) => boolean): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  while (!done(sent)) {
    const { status, headers } = await ask(port);
    sent.push({ atMs: performance.now(), status, chaos: headers['chaos'] as string | undefined });
  }
  return sent;
}

test('the guard stops faults that burn the budget within 2 s, and says so', async () => {
  const { running, port, admin, order } = await started();
  await keepAsking(port, (sent) => sent.length >= 50);
  const startMs = performance.now();
  const body = { name: 'fail', kind: 'failure', answer: 500, radius: '50%', for: '1m' };
  expect(await order('/chaos/start', body)).toMatchObject({ status: 200, running: [{ name: 'fail' }] });
  const sent = await keepAsking(port, () => performance.now() - startMs > 3000);
  const bad = sent.filter(({ status }) => status === 500);
  expect(bad.length).toBeGreaterThanOrEqual(5);
  expect(bad.every(({ chaos }) => chaos === 'fail')).toBe(true);
  const lastMs = (bad.at(-1)?.atMs ?? 0) - startMs;
  process.stdout.write(
    `faults ended ${Math.round(lastMs)} ms after the start; ${bad.length} of ${sent.length} failed\n`,
  );
  expect(lastMs).toBeLessThan(2000);
  expect(sent.at(-1)).toMatchObject({ status: 200, chaos: undefined });
  await running.printed(/the experiment fail was stopped by the guard: shop burns its error budget/);
  const listed = JSON.parse((await ask(admin, { path: '/chaos' })).body) as object;
  expect(listed).toMatchObject({ running: [], ended: [{ experiment: 'fail', reason: 'guard' }] });
  await vi.waitFor(async () => {
    const metrics = (await ask(admin, { path: '/metrics' })).body;
    expect(metrics).toMatch(
      new RegExp(`^meridian_chaos_injections_total\\{experiment="fail",kind="failure"\\} ${bad.length}$`, 'm'),
    );
    expect(metrics).toMatch(/^meridian_chaos_stops_total\{reason="guard"\} 1$/m);
  }, 3000);
});

test('an experiment of the file is started, listed and stopped; in between requests are slow, health checks not', async () => {
  const { port, admin, order } = await started();
  const took = async () => {
    const startMs = performance.now();
    const { headers } = await ask(port);
    return { ms: performance.now() - startMs, chaos: headers['chaos'] };
  };
  expect(await order('/chaos/start', { name: 'slow', for: '30s' })).toMatchObject({
    running: [{ name: 'slow', by: 'file' }],
  });
  await vi.waitFor(async () => expect(await took()).toMatchObject({ chaos: 'slow' }), 3000);
  expect((await took()).ms).toBeGreaterThanOrEqual(149);
  // Every check would be late (100 ms) if the experiment touched it.
  await new Promise((resolve) => setTimeout(resolve, 800));
  const status = JSON.parse((await ask(admin, { path: '/status' })).body) as { endpoints: { state: string }[] };
  expect(status.endpoints.map(({ state }) => state)).toEqual(['healthy', 'healthy', 'healthy']);
  expect(await order('/chaos/stop', { name: 'slow' })).toMatchObject({ running: [] });
  await vi.waitFor(async () => expect((await took()).chaos).toBeUndefined(), 3000);
  expect(await order('/chaos/start', { name: 'x', kind: 'explode', radius: '1%' })).toMatchObject({ status: 422 });
  expect(await order('/chaos/start', { name: 'x', kind: 'failure', radius: '101%' })).toMatchObject({ status: 422 });
});

test('it expires by itself, and an edge whose file has no chaos starts none', async () => {
  const { running, port, order } = await started();
  await order('/chaos/start', { name: 'slow', for: '1s' });
  await running.printed(/the experiment slow was stopped: it ran for 1s/);
  expect((await ask(port)).headers['chaos']).toBeUndefined();
  const off = await started(CHAOS.replace('enabled: true', 'enabled: false'));
  expect(await off.order('/chaos/start', { name: 'slow' })).toMatchObject({ status: 409, error: 'chaos is off' });
});

test('a reload starts what is to start by itself, and ends it when it is taken out', async () => {
  const { running, port, file, yaml } = await started();
  file.write('meridian.yaml', yaml.replace('radius: 100%', 'radius: 100%, autostart: true'));
  await running.printed(/the experiment slow starts: latency for 100 % of its scope/);
  await vi.waitFor(async () => expect((await ask(port)).headers['chaos']).toBe('slow'), 3000);
  file.write('meridian.yaml', yaml.replace('enabled: true', 'enabled: false'));
  await running.printed(/the experiment slow was stopped: chaos.enabled is false now/);
  await vi.waitFor(async () => expect((await ask(port)).headers['chaos']).toBeUndefined(), 3000);
});
