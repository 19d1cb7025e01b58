import { expect, test, vi } from 'vitest';
import { startFleet } from '../support/fleet-edges.ts';
import { startOrigin } from '../support/origin.ts';

/** `fleet.forget` of the edges. */
const FORGET_MS = 1000;
const SOON = { timeout: 30_000, interval: 50 };
type Message = { edge: string; alerts: { status: string; key: string }[] };

test('a fleet notifies of one cause once, from one edge at a time, and of an edge that vanished', {
  timeout: 90_000,
}, async () => {
  const receiver = await startOrigin('receiver');
  const rules = 'rules: { edge_missing: { for: 0s } }';
  const sinks = `sinks: { webhook: { url: "http://127.0.0.1:${receiver.port}/" } }`;
  const fleet = await startFleet({ top: () => `alerts: { interval: 1s, resolve_after: 3s, ${rules}, ${sinks} }` });
  const told = () =>
    receiver.seen.flatMap(({ body }) => {
      const { edge, alerts } = JSON.parse(body.toString()) as Message;
      return alerts.map(({ status, key }) => ({ edge, what: `${status} ${key.replace(/:\d+$/, '')}` }));
    });
  /** Who told of it, one after the other. A slow machine may see an endpoint down that is not: then it is resolved between. */
  const of = (key: string) => told().filter(({ what }) => what.endsWith(` ${key}`));
  const isOnce = (key: string) =>
    of(key).every(({ what }, at) => what.startsWith(at % 2 === 0 ? 'firing' : 'resolved'));
  const last = (key: string) => of(key).at(-1)?.what;
  const CRITICAL = 'health_critical/shop/gcp/europe-west1/127.0.0.1';
  type Shown = { alerts: { alert: string; state: string; told_by: string }[] };
  const seenBy = async () => {
    const all = await Promise.all(fleet.edges.map(({ get }) => get<Shown>('/alerts')));
    return all.map(({ alerts }) => alerts.find(({ alert }) => alert === 'MeridianEndpointHealthCritical'));
  };
  const startMs = performance.now();
  await fleet.origins.gcp.kill();
  await vi.waitFor(async () => expect((await seenBy()).every((it) => it?.state === 'firing')).toBe(true), SOON);
  await vi.waitFor(() => expect(last(CRITICAL)).toBe(`firing ${CRITICAL}`), SOON);
  const teller = of(CRITICAL).at(-1)?.edge;
  await vi.waitFor(async () => expect((await seenBy()).every((it) => it?.told_by === teller)).toBe(true), SOON);
  // It has been heard for long enough to be missed.
  const missing = fleet.edges.find(({ id }) => id !== teller)?.id ?? '';
  await vi.waitFor(() => expect(performance.now() - startMs).toBeGreaterThan(3 * FORGET_MS + 1000), SOON);
  expect([last(CRITICAL), isOnce(CRITICAL)]).toEqual([`firing ${CRITICAL}`, true]);
  fleet.cut(missing);
  await vi.waitFor(() => expect(last(`edge_missing/${missing}`)).toBe(`firing edge_missing/${missing}`), SOON);
  fleet.heal(missing);
  await vi.waitFor(() => expect(last(`edge_missing/${missing}`)).toBe(`resolved edge_missing/${missing}`), SOON);
  await fleet.origins.gcp.revive();
  await vi.waitFor(() => expect(last(CRITICAL)).toBe(`resolved ${CRITICAL}`), SOON);
  expect(isOnce(`edge_missing/${missing}`)).toBe(true);
});
