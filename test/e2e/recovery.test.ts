import { expect, test, vi } from 'vitest';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { run, temporaryFolder } from '../support/process.ts';
import { threeCloudsYaml } from '../support/rig.ts';

// What comes after the repair, in a whole process: how soon endpoints are back whose requests failed while their checks passed.

const EXTRA = `admin: { listen: "127.0.0.1:0" }
health: { interval: 1s, timeout: 500ms }
log: { access: false }`;

/** `first`: requests go to AWS as long as it is well. On one machine all are as near as each other, and whose requests took a moment less would be preferred. */
async function started(service: string, { first = false } = {}) {
  const sick = { value: false };
  const origins = await Promise.all(
    ['aws', 'gcp', 'azure'].map((name) =>
      startOrigin(name, (_, response) => {
        response.statusCode = sick.value ? 500 : 200;
        response.end(name);
      }),
    ),
  );
  const [aws, gcp, azure] = origins.map(({ port }) => port) as [number, number, number];
  const yaml = threeCloudsYaml([aws, gcp, azure], service, EXTRA)
    .replace('id: test,', 'id: test, workers: 1, drain: 0s,')
    .replaceAll(/cloud: (gcp|azure),/g, first ? 'cloud: $1, tier: 2,' : '$&');
  const running = run(['start', '-c', temporaryFolder().write('meridian.yaml', yaml)]);
  const found = await running.printed(/serving 127\.0\.0\.1:(\d+) .*admin on 127\.0\.0\.1:(\d+)/);
  const [port, admin] = [Number(found[1]), Number(found[2])];
  const status = async () =>
    (JSON.parse((await ask(admin, { path: '/status' })).body) as { endpoints: { state: string; health: number }[] })
      .endpoints;
  await vi.waitFor(
    async () => expect((await status()).map(({ state }) => state)).toEqual(Array(3).fill('healthy')),
    WAIT,
  );
  return { port, status, sick, origins };
}

const WAIT = { timeout: 20_000, interval: 100 };

test('nothing but errors with good checks is critical everywhere; after the repair all are back within ten seconds', async () => {
  const { port, status, sick } = await started('    breakers: { open_for: 1s }');
  sick.value = true;
  await vi.waitFor(async () => {
    for (let i = 0; i < 10; i += 1) await ask(port);
    expect((await status()).every(({ state, health }) => state === 'unhealthy' && health < 0.5)).toBe(true);
  }, WAIT);
  sick.value = false;
  const repairedMs = performance.now();
  await vi.waitFor(async () => {
    expect((await ask(port)).status).toBe(200);
    expect((await status()).map(({ state }) => state)).toEqual(Array(3).fill('healthy'));
  }, WAIT);
  const tookMs = performance.now() - repairedMs;
  process.stdout.write(`all back ${Math.round(tookMs)} ms after the repair\n`);
  expect(tookMs).toBeLessThan(13_000);
});

test('a service that only gets POSTs has its near endpoint back soon after the breaker has been open for its time', async () => {
  const { port, origins } = await started(
    '    breakers: { open_for: 2s }\n    routing: { default_priority: latency, ramp: 0s }',
    { first: true },
  );
  const post = () => ask(port, { method: 'POST', body: 'x' });
  const near = 'aws';
  expect((await post()).body).toBe(near);
  const [origin] = origins as [(typeof origins)[number]];
  await origin.kill();
  await vi.waitFor(async () => expect((await post()).body).not.toBe(near), WAIT);
  for (let i = 0; i < 10; i += 1) await post();
  await origin.revive();
  // The breaker's time, a second for the checks, and ten for what its requests said.
  await vi.waitFor(async () => expect((await post()).body).toBe(near), WAIT);
});

test('an endpoint that stops answering is checked at once, long before its next check is due', async () => {
  const { port, origins, status } = await started(
    '    health: { interval: 60s, timeout: 500ms }\n    routing: { default_priority: latency }',
    { first: true },
  );
  expect((await ask(port)).body).toBe('aws');
  const [aws] = origins;
  (aws as (typeof origins)[number]).hang = true;
  await vi.waitFor(async () => {
    const replies = await Promise.all(Array.from({ length: 4 }, () => ask(port)));
    expect(replies.map(({ status: code }) => code)).toEqual(Array(4).fill(200));
    expect((await status())[0]).toMatchObject({ check: { outcome: 'failed' } });
  }, WAIT);
});
