import { expect, test, vi } from 'vitest';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { run, runToEnd, temporaryFolder } from '../support/process.ts';
import { freePort } from '../support/programs.ts';
import { threeCloudsYaml } from '../support/rig.ts';

test('slo prints the published table; with a file, what each service may be down', async () => {
  const { code, out } = await runToEnd(['slo']);
  expect(code).toBe(0);
  expect(out).toMatch(/^99.9 % +8.76 h/m);
  expect(out).toMatch(/^99.999 % +5.26 min/m);
  const file = temporaryFolder().write('a.yaml', threeCloudsYaml([1, 2, 3], '    slo: { objective: 99.95% }'));
  expect((await runToEnd(['slo', '-c', file])).out).toMatch(/^shop +99.95 % +4.38 h +21.60 min in 720h$/m);
});

test('slo --live where no edge runs', async () => {
  const admin = await freePort();
  const file = temporaryFolder().write(
    'a.yaml',
    threeCloudsYaml([1, 2, 3], '', `admin: { listen: "127.0.0.1:${admin}" }`),
  );
  for (const at of [
    ['-c', file],
    ['--admin', `http://127.0.0.1:${admin}`],
  ]) {
    const { code, err } = await runToEnd(['slo', '--live', ...at]);
    expect(code).toBe(1);
    expect(err).toMatch(/no edge answers on http:\/\/127\.0\.0\.1:\d+; is it running/);
  }
});

test('errors burn the budget of their service: in slo --live, on the admin port, in metrics, and as an alert', {
  timeout: 60_000,
}, async () => {
  const origin = await startOrigin('x', (request, response) => {
    response.statusCode = request.url === '/bad' ? 500 : 200;
    response.end('x');
  });
  const admin = await freePort();
  const top = `admin: { listen: "127.0.0.1:${admin}" }\nalerts: { interval: 1s }\nslo: { objective: 99%, minimum_requests: 20, minimum_errors: 20 }`;
  const yaml = threeCloudsYaml([origin.port, origin.port, origin.port], '    breakers: { failures: 100 }', top);
  const file = temporaryFolder().write('a.yaml', yaml.replace('edge: { id: test,', 'edge: { id: test, workers: 2,'));
  const edge = run(['start', '-c', file]);
  const port = Number((await edge.printed(/serving 127\.0\.0\.1:(\d+)/))[1]);
  for (let i = 0; i < 80; i += 1) await ask(port);
  for (let i = 0; i < 20; i += 1) expect((await ask(port, { path: '/bad' })).status).toBe(500);
  await edge.printed(/alert \(critical\): shop burns its error budget 20\.0 times too fast over 1h/);
  const { body } = await ask(admin, { path: '/slo' });
  expect(JSON.parse(body)).toMatchObject({
    services: [
      { service: 'shop', objective: 0.99, good: 80, bad: 20, sli: 0.8, burning: [{ long: '1h' }, {}, {}, {}] },
    ],
  });
  await vi.waitFor(async () => {
    const metrics = (await ask(admin, { path: '/metrics' })).body;
    expect(metrics).toMatch(/^meridian_slo_requests_total\{service="shop",result="bad"\} 20$/m);
    expect(metrics).toMatch(/^meridian_slo_requests_total\{service="shop",result="good"\} 80$/m);
  });
  const live = await runToEnd(['slo', '-c', file, '--live']);
  expect(live.out).toMatch(/^shop +100 +20 +80.0000 % +-1900.0 % +(20.0 +){7}burning \(1h, 6h, 24h, 3d\)$/m);
  // One alert for the service, not one for each pair of windows.
  expect(edge.out().match(/alert \(\w+\): shop burns/g)).toHaveLength(1);
  await origin.kill();
});
