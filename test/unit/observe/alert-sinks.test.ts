import { expect, test, vi } from 'vitest';
import { buildAlerts } from '../../../src/config/build-alerts.ts';
import type { AlertSinks as Sinks } from '../../../src/config/topology.ts';
import { AlertSinks } from '../../../src/observe/alert-sinks.ts';
import { startOrigin } from '../../support/origin.ts';
import { VirtualTime } from '../discovery/virtual-time.ts';
import { AT_MS, changeTo } from './finding.ts';

const settings = (sinks: Partial<Sinks>, timeoutMs = 5000) => {
  const base = buildAlerts(undefined);
  return { ...base, timeoutMs, sinks: { ...base.sinks, ...sinks } };
};
const A = changeTo('firing', 'a');
const B = changeTo('resolved', 'b');

function stage() {
  const time = new VirtualTime([0]);
  const sinks = new AlertSinks({ ...time.deps, edge: 'iad-1', wallMs: () => AT_MS });
  return { time, sinks, up: () => Object.fromEntries(sinks.status().map(({ sink, up }) => [sink, up])) };
}

test('every sink is notified in its own format; the Alertmanagers get all that there is, at every look', async () => {
  const origin = await startOrigin('sinks');
  const at = (path: string) => `http://127.0.0.1:${origin.port}/${path}`;
  const { sinks } = stage();
  sinks.update(
    settings({
      webhook: { url: at('hook'), secret: 's' },
      slack: { url: at('slack') },
      pagerduty: { routingKey: 'r', url: at('pd') },
      alertmanager: { urls: [at('am1'), at('am2')] },
    }),
  );
  sinks.notify([A, B], [A]);
  await vi.waitFor(() => expect(origin.seen).toHaveLength(6));
  const paths = origin.seen.map(({ url }) => url).sort();
  expect(paths).toEqual(['/am1/api/v2/alerts', '/am2/api/v2/alerts', '/hook', '/pd', '/pd', '/slack']);
  await vi.waitFor(() => expect(sinks.status().every(({ waiting }) => waiting === 0)).toBe(true));
  sinks.notify([], [A]);
  await vi.waitFor(() => expect(origin.seen).toHaveLength(8));
  await sinks.close();
  await origin.kill();
});

test('a sink that hangs holds up no other, and what it has not got outlasts a reload', async () => {
  const origin = await startOrigin('good');
  const hanging = await startOrigin('hanging');
  hanging.hang = true;
  const good = `http://127.0.0.1:${origin.port}/`;
  const { sinks, up } = stage();
  sinks.update(settings({ webhook: { url: `http://127.0.0.1:${hanging.port}/`, secret: '' }, slack: { url: good } }));
  sinks.notify([A], [A]);
  await vi.waitFor(() => expect(origin.seen).toHaveLength(1));
  await vi.waitFor(() => expect(sinks.queues()).toMatchObject({ webhook: [A], slack: [] }));
  sinks.update(settings({ webhook: { url: good, secret: '' } }));
  await vi.waitFor(() => expect(origin.seen).toHaveLength(2));
  expect(origin.seen[1]?.body.toString()).toContain('a is wrong');
  expect(up()).toEqual({ webhook: true });
  await sinks.close();
  await Promise.all([origin.kill(), hanging.kill()]);
});

test('what another process had not delivered is delivered', async () => {
  const origin = await startOrigin('good');
  const { sinks } = stage();
  sinks.update(settings({ webhook: { url: `http://127.0.0.1:${origin.port}/`, secret: '' } }));
  sinks.restore({ webhook: [A, B], gone: [A] });
  await vi.waitFor(() => expect(origin.seen).toHaveLength(1));
  expect(JSON.parse(origin.seen[0]?.body.toString() ?? '')).toMatchObject({ alerts: [{ key: 'a' }, { key: 'b' }] });
  await sinks.close();
  await origin.kill();
});
