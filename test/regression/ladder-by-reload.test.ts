import { expect, test } from 'vitest';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { running } from '../support/running.ts';

// Edge threads load what ladders need when a service asks for one, which may be after they have begun to serve.

/** Loading a library takes a busy machine more than the second that a poll has. */
const PATIENT = { timeout: 10_000 };

const yamlOf = (port: number, degraded: string) => `version: 1
edge: { region: aws/us-east-1, listen: "127.0.0.1:0", workers: 1 }
services:
  shop:
${degraded}
    endpoints:
      - { cloud: aws, region: us-east-1, url: "http://127.0.0.1:${port}" }
`;

test('a service that had no ladder gets one by a reload, and what comes behind that is obeyed after it', async () => {
  const site = await startOrigin('site', (_, response) => response.end('static'));
  const dead = await startOrigin('dead');
  await dead.kill();
  const meridian = await running(yamlOf(dead.port, ''));
  const { port } = meridian.edge;
  expect((await ask(port)).status).toBe(502);

  const fallback = `fallbacks: [{ url: "http://127.0.0.1:${site.port}", timeout: 5s }]`;
  for (const ms of [20, 21, 22]) {
    meridian.write(yamlOf(dead.port, `    degraded: { primary_timeout: ${ms}ms, ${fallback} }`));
    expect(await meridian.reload()).toEqual({ ok: true });
  }
  await expect.poll(async () => (await ask(port)).body, PATIENT).toBe('static');

  meridian.write(yamlOf(dead.port, ''));
  await meridian.reload();
  await expect.poll(async () => (await ask(port)).status, PATIENT).toBe(502);
});
