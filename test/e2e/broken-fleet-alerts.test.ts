import { expect, test, vi } from 'vitest';
import { watchAlerts } from '../support/alert-watch.ts';
import { BROKEN_FLEET } from '../support/alerts-that-fire.ts';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { run, temporaryFolder } from '../support/process.ts';
import { freePort, lacks } from '../support/programs.ts';
import { startRedis } from '../support/redis.ts';

/*
 * Three edges whose stores, ways and lives are broken: of three regions one takes no writes and one has no server, one edge is cut off from
 * an endpoint that the others see, and then one dies. See broken-edge-alerts.test.ts.
 */

const SOON = { timeout: 60_000, interval: 200 };
const HEALTH: Readonly<Record<string, string>> = { a: '/healthz', b: '/healthz', c: '/from-c' };

async function brokenFleet() {
  // What edge c sends, an endpoint never answers.
  const origin = await startOrigin('x', ({ url, socket }, response) => {
    if (url === HEALTH['c']) socket.destroy();
    else response.end('x');
  });
  const [home, refuses] = await Promise.all([startRedis(), startRedis({ args: ['--min-replicas-to-write', '1'] })]);
  const folder = temporaryFolder();
  const regions = `us-east-1: { url: "${home.url}" }, europe-west1: { url: "${refuses.url}" }, japaneast: { url: "redis://127.0.0.1:${await freePort()}" }`;
  const edges = Object.entries(HEALTH).map(([id, path]) => {
    const yaml = `version: 1
edge: { id: ${id}, region: aws/us-east-1, listen: "127.0.0.1:0", workers: 1, drain: 0s }
admin: { listen: "127.0.0.1:0" }
health: { interval: 200ms, timeout: 150ms, path: ${path} }
alerts: { interval: 1s, rules: { cut_off: { for: 0s }, edge_missing: { for: 0s } } }
fleet: { store: redis, region: us-east-1, regions: { ${regions} }, report: 100ms, forget: 1s }
services:
  shop: { endpoints: [{ cloud: gcp, region: europe-west1, url: "http://127.0.0.1:${origin.port}" }] }
`;
    return run(['start', '-c', folder.write(`${id}.yaml`, yaml)]);
  });
  const printed = await Promise.all(edges.map((edge) => edge.printed(/admin on 127\.0\.0\.1:(\d+)/)));
  return { edges, folder, admins: printed.map(([, port]) => Number(port)) };
}

test.skipIf(lacks('prometheus', 'redis-server'))(
  'what is broken in a fleet is alerted on, by its edges and by Prometheus',
  { timeout: 180_000 },
  async () => {
    const { edges, folder, admins } = await brokenFleet();
    const watch = await watchAlerts(admins, folder);
    const fires = async (left: RegExp) => {
      const { ours, theirs } = await watch.look();
      const missed = (names: readonly string[], fired: ReadonlySet<string>) =>
        names.filter((name) => !left.test(name) && !fired.has(name));
      expect([missed(BROKEN_FLEET.ours, ours), missed(BROKEN_FLEET.theirs, theirs)]).toEqual([[], []]);
    };
    await vi.waitFor(() => fires(/EdgeMissing/), SOON);
    // An edge that all have heard of is missed when it dies.
    await vi.waitFor(async () => {
      const { edges: known } = JSON.parse((await ask(admins[1] as number, { path: '/fleet' })).body) as {
        edges: readonly unknown[];
      };
      expect(known).toHaveLength(3);
    }, SOON);
    edges[0]?.child.kill('SIGKILL');
    await vi.waitFor(() => fires(/^$/), SOON);
  },
);
