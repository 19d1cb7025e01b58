import { expect, test, vi } from 'vitest';
import { watchAlerts } from '../support/alert-watch.ts';
import { BROKEN_FLEET } from '../support/alerts-that-fire.ts';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { run, temporaryFolder } from '../support/process.ts';
import { freePort, lacks } from '../support/programs.ts';
import { startRedis } from '../support/redis.ts';

/*
 * Three edges whose stores, ways and lives are broken: of four regions one takes no writes and one has no server, the edge that has its region
 * for itself is cut off from an endpoint that the others see, and then these die, one after the other. See broken-edge-alerts.test.ts.
 */

const SOON = { timeout: 60_000, interval: 200 };
const EDGES = [
  { id: 'a', region: 'us-east-1', path: '/healthz' },
  { id: 'b', region: 'us-east-1', path: '/healthz' },
  { id: 'c', region: 'japaneast', path: '/from-c' },
] as const;

async function brokenFleet() {
  // What edge c sends, an endpoint never answers.
  const origin = await startOrigin('x', ({ url, socket }, response) => {
    if (url === EDGES[2].path) socket.destroy();
    else response.end('x');
  });
  const [home, other, refuses] = await Promise.all([
    startRedis(),
    startRedis(),
    startRedis({ args: ['--min-replicas-to-write', '1'] }),
  ]);
  const folder = temporaryFolder();
  const gone = `redis://127.0.0.1:${await freePort()}`;
  const stores = { 'us-east-1': home.url, japaneast: other.url, 'europe-west1': refuses.url, eastus: gone };
  const regions = Object.entries(stores).map(([region, url]) => `${region}: { url: "${url}" }`);
  const edges = EDGES.map(({ id, region, path }) => {
    const yaml = `version: 1
edge: { id: ${id}, region: aws/us-east-1, listen: "127.0.0.1:0", workers: 1, drain: 0s }
admin: { listen: "127.0.0.1:0" }
health: { interval: 200ms, timeout: 150ms, path: ${path} }
alerts: { interval: 1s, rules: { cut_off: { for: 0s }, edge_missing: { for: 0s } } }
fleet: { store: redis, region: ${region}, regions: { ${regions.join(', ')} }, report: 100ms, forget: 1s }
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
      const { edges: known } = JSON.parse((await ask(admins[2] as number, { path: '/fleet' })).body) as {
        edges: readonly unknown[];
      };
      expect(known).toHaveLength(3);
    }, SOON);
    edges[0]?.child.kill('SIGKILL');
    await vi.waitFor(() => fires(/EdgeMissing critical/), SOON);
    edges[1]?.child.kill('SIGKILL');
    await vi.waitFor(() => fires(/^$/), SOON);
  },
);
