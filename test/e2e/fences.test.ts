import { expect, test, vi } from 'vitest';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { temporaryFolder } from '../support/process.ts';
import { running } from '../support/running.ts';

// A whole Meridian, with its ladder: what is kept or kept ready for some must not serve others behind a fence.

const GERMANY = { 'x-forwarded-for': '5.9.0.1' };
const AMERICA = { 'x-forwarded-for': '3.80.0.1' };
const FENCE = 'fence: { when: { countries: [EU] }, only: { countries: [EU] } }';

type Spec = { readonly fence?: string; readonly cache?: string; readonly fallbacks?: string };

async function stage() {
  const named = (name: string) => startOrigin(name, (_, to) => to.setHeader('Cache-Control', 'max-age=600').end(name));
  const [america, europe, fallback] = await Promise.all([named('america'), named('europe'), named('fallback')]);
  const yaml = ({ fence = FENCE, cache = 'store: memory', fallbacks = '' }: Spec = {}) => `version: 1
edge: { id: test, region: aws/us-east-1, listen: "127.0.0.1:0", workers: 1, trust_proxies: [loopback], drain: 0s, lame_duck: 0s }
admin: { listen: "127.0.0.1:0" }
log: { level: silent }
services:
  shop:
    ${fence}
    breakers: { failures: 200 }
    degraded: { wait: 0s, cache: { ${cache} }${fallbacks === '' ? '' : `, fallbacks: [{ url: "http://127.0.0.1:${fallback.port}", ${fallbacks} }]`} }
    endpoints:
      - { cloud: aws, region: us-east-1, url: "http://127.0.0.1:${america.port}" }
      - { cloud: gcp, region: europe-west1, url: "http://127.0.0.1:${europe.port}" }
`;
  return { america, europe, fallback, yaml };
}

const status = async (port: number, headers: Record<string, string>, path = '/') => {
  const reply = await ask(port, { path, headers });
  return reply.status === 200 ? reply.body : reply.status;
};

test.each(['memory', 'sqlite'])(
  'a copy that an American got is nothing for a European (%s), nor the other way round',
  async (store) => {
    const { america, europe, yaml } = await stage();
    const cache = store === 'memory' ? 'store: memory' : `store: sqlite, path: ${temporaryFolder().path}/c.sqlite`;
    const { edge } = await running(yaml({ cache }));
    await vi.waitFor(async () => expect(await status(edge.port, AMERICA)).toBe('america'));
    await vi.waitFor(async () => expect(await status(edge.port, GERMANY)).toBe('europe'));
    await Promise.all([america.kill(), europe.kill()]);
    expect(await status(edge.port, AMERICA)).toBe('america');
    expect(await status(edge.port, GERMANY)).toBe('europe');
  },
);

test('a copy from before there was a fence serves nobody behind it', async () => {
  const { america, europe, yaml } = await stage();
  const cache = `store: sqlite, path: ${temporaryFolder().path}/c.sqlite`;
  const { edge, write, events } = await running(yaml({ cache, fence: '' }));
  await vi.waitFor(async () => expect(await status(edge.port, GERMANY)).toBe('america'));
  write(yaml({ cache }));
  await vi.waitFor(() => expect(events.some(({ type }) => type === 'reloaded')).toBe(true), 10_000);
  await Promise.all([america.kill(), europe.kill()]);
  await vi.waitFor(async () => expect(await status(edge.port, GERMANY)).toBe(503));
  expect(await status(edge.port, AMERICA)).toBe('america');
});

test.each([
  ['', 503, 'fallback'],
  ['cloud: aws, region: us-east-1', 503, 'fallback'],
  ['country: FR', 'fallback', 'fallback'],
  ['cloud: gcp, region: europe-west1', 'fallback', 'fallback'],
])('a fallback with "%s": a European gets %s, an American %s', async (fallbacks, european, american) => {
  const { america, europe, yaml } = await stage();
  await Promise.all([america.kill(), europe.kill()]);
  const { edge } = await running(yaml({ fallbacks: fallbacks === '' ? 'timeout: 5s' : `${fallbacks}, timeout: 5s` }));
  expect(await status(edge.port, GERMANY)).toBe(european);
  expect(await status(edge.port, AMERICA)).toBe(american);
});
