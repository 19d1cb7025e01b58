import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test, vi } from 'vitest';
import type { EndpointStatus, Status } from '../../src/compose/status.ts';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { run, temporaryFolder } from '../support/process.ts';
import { threeCloudsYaml, withoutWire } from '../support/rig.ts';

const QUICK = 'health: { interval: 200ms, timeout: 150ms, fall: 1, path: /up }';
const SOON = { timeout: 20_000, interval: 50 };
const NEAR_AWS = { 'x-forwarded-for': '3.80.0.1', 'routing-priority': 'latency' };

type Mode = 'well' | 'sick' | 'silent';
type Line = Readonly<Record<string, unknown>>;

/** An edge before three origins, the first of which behaves as the test says. */
async function started(change: (yaml: string) => string = (yaml) => yaml) {
  const first = { checks: 'well' as Mode, requests: 'well' as Mode };
  const behave = (request: IncomingMessage, response: ServerResponse): void => {
    const mode = request.url === '/up' ? first.checks : first.requests;
    if (mode === 'silent') return void request.socket.destroy();
    response.statusCode = mode === 'sick' ? 500 : 200;
    response.end('x');
  };
  const origins = [await startOrigin('aws', behave), await startOrigin('gcp'), await startOrigin('azure')];
  const ports = origins.map(({ port }) => port) as [number, number, number];
  const yaml = change(threeCloudsYaml(ports, '', `admin: { listen: "127.0.0.1:0" }\n${QUICK}`));
  const edge = run(['start', '-c', temporaryFolder().write('meridian.yaml', yaml)]);
  const found = await edge.printed(/serving 127\.0\.0\.1:(\d+) .*admin on 127\.0\.0\.1:(\d+)/);
  const [port, admin] = [Number(found[1]), Number(found[2])];
  const json = async <T>(path: string) => JSON.parse((await ask(admin, { path })).body) as T;
  return {
    first,
    edge,
    port,
    status: () => json<Status>('/status'),
    json,
    endpoint: async () => (await json<Status>('/status')).endpoints[0] as EndpointStatus,
    lines: (event: string) =>
      edge
        .out()
        .split('\n')
        .filter((line) => line.includes(`"event":"${event}"`))
        .map((line) => JSON.parse(line) as Line),
  };
}

test('why an endpoint is down is told in its checks’ words, and logged again when it is another reason', async () => {
  const { first, endpoint, lines, json } = await started();
  await vi.waitFor(async () => expect((await endpoint()).check.outcome).toBe('good'), SOON);
  expect(await endpoint()).toMatchObject({ state: 'healthy', reason: 'all checks are good' });
  first.checks = 'sick';
  await vi.waitFor(async () => expect((await endpoint()).state).toBe('unhealthy'), SOON);
  const sick = await endpoint();
  expect(sick.reason).toMatch(/^reachability: .*500/);
  expect(sick.check.outcome).toBe('failed');
  expect(sick.check.error).toContain('500');
  // One clock is read for both, with a tick between them.
  expect(Date.parse(sick.check.last ?? '')).toBeGreaterThanOrEqual(Date.parse(sick.since ?? '') - 5);
  await vi.waitFor(async () => {
    const { last, next } = (await endpoint()).check;
    expect(Date.parse(next ?? '')).toBeGreaterThan(Date.parse(last ?? ''));
  }, SOON);
  first.checks = 'silent';
  await vi.waitFor(() => expect(lines('endpoint-cause')).toHaveLength(1), SOON);
  const [line] = lines('endpoint-cause');
  expect(line).toMatchObject({ endpoint: sick.id, state: 'unhealthy', level: 'warn' });
  expect(line?.['reason']).not.toContain('500');
  expect((await endpoint()).reason).toBe(line?.['reason']);
  const { conditions } = await json<{ conditions: Record<string, EndpointStatus> }>('/explain?client_ip=3.80.0.1');
  expect(conditions[sick.id]).toMatchObject({ state: 'unhealthy', since: sick.since, reason: line?.['reason'] });
});

test.each([
  ['wire engine', (yaml: string) => yaml],
  ['general engine', withoutWire],
])('who opened a breaker, and what it met: %s', async (_, change) => {
  const { first, endpoint, status, lines, port } = await started(change);
  await vi.waitFor(async () => expect((await endpoint()).state).toBe('healthy'), SOON);
  first.requests = 'sick';
  for (let i = 0; i < 5; i += 1) await ask(port, { headers: NEAR_AWS });
  await vi.waitFor(() => expect(lines('breaker-moved').length).toBeGreaterThanOrEqual(2), SOON);
  const { id } = await endpoint();
  expect(lines('breaker-moved').slice(0, 2)).toEqual([
    expect.objectContaining({ scope: 'endpoint', to: 'open', by: id, cause: 'answered 500' }),
    expect.objectContaining({ scope: 'cloud', to: 'open', by: id, cause: 'answered 500' }),
  ]);
  expect(await endpoint()).toMatchObject({ breakerBy: id, breakerCause: 'answered 500' });
  expect((await status()).clouds[0]).toMatchObject({ cloud: 'aws', breakerBy: id, breakerCause: 'answered 500' });
});

test('the start, a signal, each phase of the end and the end itself have a line in the log', async () => {
  const { edge, port, lines } = await started((yaml) =>
    yaml.replace('id: test,', 'id: test, drain: 1s, lame_duck: 100ms,'),
  );
  await vi.waitFor(() => expect(lines('started')).toHaveLength(1), SOON);
  expect(lines('started')[0]).toMatchObject({ listen: `127.0.0.1:${port}`, services: 1, endpoints: 3 });
  edge.child.kill('SIGUSR2');
  await edge.printed(/SIGUSR2: ignored/);
  edge.child.kill('SIGTERM');
  expect(await edge.exit).toEqual({ code: 0, signal: null });
  expect(lines('signal').map(({ signal }) => signal)).toEqual(['SIGUSR2', 'SIGTERM']);
  expect(lines('ending').map(({ phase, forMs }) => [phase, forMs])).toEqual([
    ['lame-duck', 100],
    ['draining', 1000],
  ]);
  expect(lines('ended')).toHaveLength(1);
});
