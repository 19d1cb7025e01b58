import { existsSync, readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { run, temporaryFolder } from '../support/process.ts';
import { freePort, lacks, runProgram, startProgram } from '../support/programs.ts';
import { threeCloudsYaml } from '../support/rig.ts';

const QUICK = 'health: { interval: 200ms, timeout: 150ms }';
const SOON = { timeout: 20_000, interval: 100 };
type Running = Awaited<ReturnType<typeof started>>;

/** Starts the proxy with these alerts; it looks every second and resolves at once. */
async function started(ports: readonly [number, number, number], alerts: string, folder = temporaryFolder()) {
  const top = `admin: { listen: "127.0.0.1:0" }\n${QUICK}\nalerts: { interval: 1s, resolve_after: 0s, ${alerts} }`;
  const yaml = threeCloudsYaml(ports, '', top).replace('edge: { id: test,', 'edge: { id: test, drain: 0s, workers: 1,');
  const file = folder.write('meridian.yaml', yaml);
  const running = run(['start', '-c', file]);
  const found = await running.printed(/serving 127\.0\.0\.1:(\d+) .*admin on 127\.0\.0\.1:(\d+)/);
  const admin = Number(found[2]);
  const json = async (path: string) => JSON.parse((await ask(admin, { path })).body) as never;
  return { ...running, port: Number(found[1]), admin, json, file, yaml, folder };
}

type AlertsAnswer = { alerts: { alert: string; state: string; severity: string; labels: Record<string, string> }[] };

async function firing(edge: Running): Promise<readonly string[]> {
  const { alerts }: AlertsAnswer = await edge.json('/alerts');
  return alerts
    .filter(({ state }) => state === 'firing')
    .map(({ alert, labels }) => `${alert} ${labels['cloud'] ?? ''}`);
}

async function origins() {
  const all = await Promise.all(['aws', 'gcp', 'azure'].map((name) => startOrigin(name)));
  return { all, ports: all.map(({ port }) => port) as [number, number, number] };
}

test.skipIf(lacks('prometheus-alertmanager', 'amtool'))(
  'a real Alertmanager shows the alert firing; killed and restarted it gets it again; then it is resolved',
  { timeout: 90_000 },
  async () => {
    const receiver = await startOrigin('receiver');
    const folder = temporaryFolder();
    const config = folder.write(
      'alertmanager.yml',
      `route: { receiver: test, group_by: [alertname], group_wait: 0s, group_interval: 1s }
receivers:
  - name: test
    webhook_configs: [{ url: "http://127.0.0.1:${receiver.port}/", send_resolved: true }]
`,
    );
    expect(await runProgram('amtool', ['check-config', config])).toMatchObject({ code: 0 });
    const port = await freePort();
    const startAlertmanager = async (storage: string) => {
      const program = startProgram('prometheus-alertmanager', [
        `--config.file=${config}`,
        `--storage.path=${folder.path}/${storage}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--cluster.listen-address=',
      ]);
      await vi.waitFor(async () => expect((await ask(port, { path: '/-/ready' })).status).toBe(200), SOON);
      return program;
    };
    const shown = async () => {
      const alerts = JSON.parse((await ask(port, { path: '/api/v2/alerts' })).body) as {
        labels: Record<string, string>;
      }[];
      return alerts.map(({ labels }) => `${labels['alertname']} ${labels['cloud']} ${labels['edge']}`);
    };
    const first = await startAlertmanager('first');
    const { all, ports } = await origins();
    await all[1]!.kill();
    const sinks = `sinks: { alertmanager: { urls: ["http://127.0.0.1:${port}"] } }, rules: { breaker_open: { enabled: false } }`;
    const edge = await started(ports, sinks);
    const ours = 'MeridianEndpointHealthCritical gcp test';
    await vi.waitFor(async () => expect(await shown()).toContain(ours), SOON);
    const { output } = await runProgram('amtool', ['--alertmanager.url', `http://127.0.0.1:${port}`, 'alert', 'query']);
    expect(output).toContain('MeridianEndpointHealthCritical');

    await first.kill();
    await edge.printed(/alerts do not reach alertmanager: ECONNREFUSED/);
    await startAlertmanager('second');
    await vi.waitFor(async () => expect(await shown()).toContain(ours), SOON);
    await edge.printed(/alerts reach alertmanager again/);

    await all[1]!.revive();
    await vi.waitFor(async () => expect(await shown()).not.toContain(ours), SOON);
    const told = () => receiver.seen.map(({ body }) => (JSON.parse(body.toString()) as { status: string }).status);
    await vi.waitFor(() => expect(told().at(-1)).toBe('resolved'), SOON);
    expect(told()[0]).toBe('firing');
    // Told at every look to the Alertmanager, but once to the log.
    expect(edge.out().match(/alert \(critical\)/g)).toHaveLength(1);
    await Promise.all([...all.map((origin) => origin.kill()), receiver.kill()]);
  },
);

test('a sink that hangs slows no request and no other sink, and is itself a metric', { timeout: 60_000 }, async () => {
  const { all, ports } = await origins();
  const [hook, slack] = [await startOrigin('hook'), await startOrigin('slack')];
  slack.hang = true;
  await all[0]!.kill();
  const at = (origin: { port: number }) => `url: "http://127.0.0.1:${origin.port}/x"`;
  const edge = await started(
    ports,
    `timeout: 300ms, sinks: { webhook: { ${at(hook)}, secret: s }, slack: { ${at(slack)} } }`,
  );
  await vi.waitFor(() => expect(hook.seen.length).toBeGreaterThan(0), SOON);
  await edge.printed(/alerts do not reach slack: no answer within 300 ms/);
  const startMs = performance.now();
  for (let i = 0; i < 50; i += 1) expect((await ask(edge.port)).status).toBe(200);
  expect(performance.now() - startMs).toBeLessThan(2500);
  const { body } = await ask(edge.admin, { path: '/metrics' });
  expect(body).toMatch(/^meridian_alerts_sink_up\{sink="slack"\} 0$/m);
  expect(body).toMatch(/^meridian_alerts_sink_up\{sink="webhook"\} 1$/m);
  expect(body).toMatch(/^meridian_alerts_waiting\{sink="slack"\} [1-9]/m);
  const heads = hook.seen[0]!.rawHeaders.join('\n').toLowerCase();
  expect(heads).toContain('webhook-signature\nv1,');
  expect((await ask(edge.admin, { path: '/topology' })).body).not.toContain('/x"');
  await Promise.all([...all, hook, slack].map((origin) => origin.kill()));
});

test('a whole service gone, a bad reload; over a restart nobody is notified twice, and what was not delivered is', {
  timeout: 90_000,
}, async () => {
  const { all, ports } = await origins();
  const hook = await startOrigin('hook');
  const folder = temporaryFolder();
  const state = `${folder.path}/state/alerts.json`;
  const alerts = `timeout: 300ms, state: "${state}", rules: { breaker_open: { enabled: false } }, sinks: { webhook: { url: "http://127.0.0.1:${hook.port}/" } }`;
  for (const origin of all) await origin.kill();
  const before = await started(ports, alerts, folder);
  const expected = ['aws', 'azure', 'gcp'].map((cloud) => `MeridianEndpointHealthCritical ${cloud}`);
  await vi.waitFor(
    async () => expect(await firing(before)).toEqual(expect.arrayContaining([...expected, 'MeridianNoEndpoints '])),
    SOON,
  );
  const keys = () =>
    hook.seen.flatMap(({ body }) =>
      (JSON.parse(body.toString()) as { alerts: { key: string; status: string }[] }).alerts.map(
        ({ key, status }) => `${status} ${key}`,
      ),
    );
  await vi.waitFor(
    () => expect(keys().filter((key) => key.startsWith('firing health_critical'))).toHaveLength(3),
    SOON,
  );
  expect(keys().filter((key) => key.includes('health_warning'))).toEqual([]);
  // The sink hangs, the file breaks: an alert that cannot be delivered before the process ends.
  hook.hang = true;
  folder.write('meridian.yaml', 'version: 1\nservices: {');
  await vi.waitFor(async () => expect(await firing(before)).toContain('MeridianReloadFailed '), SOON);
  before.child.kill('SIGTERM');
  expect(await before.exit).toMatchObject({ code: 0 });
  expect(existsSync(state)).toBe(true);
  expect(readFileSync(state, 'utf8')).toContain('reload_failed');

  hook.hang = false;
  const told = keys().length;
  const after = await started(ports, alerts, folder);
  await vi.waitFor(() => expect(keys()).toContain('firing reload_failed'), SOON);
  await vi.waitFor(async () => expect(await firing(after)).toEqual(expect.arrayContaining(expected)), SOON);
  // Three more looks, and nothing that was told before is told again.
  await after.printed(/unhealthy/);
  await new Promise((resolve) => setTimeout(resolve, 3000));
  expect(
    keys()
      .slice(told)
      .filter((key) => key !== 'firing reload_failed'),
  ).toEqual([]);
  await hook.kill();
});
