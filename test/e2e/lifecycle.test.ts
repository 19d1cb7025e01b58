import { connect } from 'node:net';
import { expect, test, vi } from 'vitest';
import { ask, exchangeBytes } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { type Run, run, temporaryFolder } from '../support/process.ts';
import { threeCloudsYaml } from '../support/rig.ts';

type Started = Run & { readonly port: number; readonly admin: number };

/** Starts the proxy as a user does and waits until it serves. */
async function started(yaml: string): Promise<Started> {
  const running = run(['start', '-c', temporaryFolder().write('meridian.yaml', yaml)]);
  const found = await running.printed(/serving 127\.0\.0\.1:(\d+) .*admin on 127\.0\.0\.1:(\d+)/);
  return { ...running, port: Number(found[1]), admin: Number(found[2]) };
}

function yamlFor(port: number, drain = '4s'): string {
  return threeCloudsYaml([port, port, port], '', 'admin: { listen: "127.0.0.1:0" }\nlog: { access: true }').replace(
    'edge: { id: test,',
    `edge: { id: test, drain: ${drain}, workers: 2,`,
  );
}

test('it is ready, serves from both threads, counts, and says why it sent a request where', async () => {
  const origin = await startOrigin('hello');
  const edge = await started(yamlFor(origin.port));
  expect((await ask(edge.admin, { path: '/livez' })).status).toBe(200);
  expect((await ask(edge.admin, { path: '/readyz?verbose' })).body).toMatch(/service shop/);
  for (let i = 0; i < 20; i += 1) expect((await ask(edge.port, { path: '/x?token=secret' })).status).toBe(200);
  await edge.printed(/"thread":"edge-0"/);
  await edge.printed(/"thread":"edge-1"/);
  const { body } = await ask(edge.admin, { path: '/metrics' });
  const total = [...body.matchAll(/^requests_total\{.*status="success".*\} (\d+)$/gm)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  );
  expect(total).toBe(20);
  for (const name of [
    'request_duration_seconds_bucket',
    'endpoint_health_score',
    'replication_lag_seconds',
    'failovers_total',
  ]) {
    expect(body).toMatch(new RegExp(`^${name}\\{`, 'm'));
  }
  const line =
    edge
      .out()
      .split('\n')
      .find((text) => text.includes('"msg":"request"')) ?? '{}';
  expect(JSON.parse(line)).toMatchObject({
    path: '/x',
    status: 200,
    service: 'shop',
    attempts: [{ outcome: 'success' }],
  });
  expect(edge.out()).not.toMatch(/secret/);
});

test('SIGTERM: not ready, serves on with Connection: close, finishes what is in flight, exits 0', async () => {
  const { promise: release, resolve } = Promise.withResolvers<void>();
  const origin = await startOrigin('x', (request, response) => {
    if (request.url === '/slow') void release.then(() => response.end('slow but whole'));
    else response.end('quick');
  });
  const edge = await started(yamlFor(origin.port, '10s'));
  const slow = ask(edge.port, { path: '/slow' });
  await vi.waitFor(() => expect(origin.seen).toHaveLength(1));
  edge.child.kill('SIGTERM');
  await vi.waitFor(async () => expect((await ask(edge.admin, { path: '/readyz' })).status).toBe(503));
  expect((await ask(edge.admin, { path: '/livez' })).status).toBe(200);
  const text = await exchangeBytes(edge.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  expect(text).toMatch(/^HTTP\/1\.1 200 OK/);
  expect(text).toMatch(/Connection: close/i);
  await vi.waitFor(() => expect(exchangeBytes(edge.port, '')).rejects.toThrow(/ECONNREFUSED/), { timeout: 8000 });
  resolve();
  expect((await slow).body).toBe('slow but whole');
  expect(await edge.exit).toEqual({ code: 0, signal: null });
});

test('what does not finish within the drain time is cut, and a second signal cuts at once', async () => {
  const origin = await startOrigin('x', (request) => {
    expect(request.url).toBe('/never');
  });
  const edge = await started(yamlFor(origin.port, '60s'));
  const never = ask(edge.port, { path: '/never' });
  never.catch(() => {});
  await vi.waitFor(() => expect(origin.seen).toHaveLength(1));
  edge.child.kill('SIGTERM');
  await vi.waitFor(async () => expect((await ask(edge.admin, { path: '/readyz' })).status).toBe(503));
  edge.child.kill('SIGTERM');
  expect(await edge.exit).toEqual({ code: 0, signal: null });
  await expect(never).rejects.toThrow(/hang up|ECONNRESET|aborted/);
});

test('an idle keep-alive connection does not hold up the end', async () => {
  const origin = await startOrigin('x');
  const edge = await started(yamlFor(origin.port, '1s'));
  const idle = connect(edge.port, '127.0.0.1');
  idle.on('error', () => {});
  idle.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await new Promise((resolve) => idle.once('data', resolve));
  edge.child.kill('SIGINT');
  expect((await edge.exit).code).toBe(0);
});
