import { expect, test } from 'vitest';
import { parseTopology } from '../../../src/config/load.ts';
import { DEMO_REGIONS } from '../../../src/demo/regions.ts';
import { EDGE_THREADS, topologyText } from '../../../src/demo/topology-text.ts';

test('the configuration is good and says what the demo needs', () => {
  const origins = Object.fromEntries(DEMO_REGIONS.map(({ id }, index) => [id, 4000 + index]));
  const text = topologyText(DEMO_REGIONS, { edge: 3000, admin: 3001, origins });
  const parsed = parseTopology(text, { file: 'demo.yaml', env: {}, readFile: () => '' });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const { edge, admin, log, services } = parsed.topology;
  expect(edge.listeners.map(({ listen }) => listen)).toEqual([{ host: '127.0.0.1', port: 3000 }]);
  expect(admin.listen).toEqual({ host: '127.0.0.1', port: 3001 });
  expect(edge).toMatchObject({ trustProxies: ['loopback'], decisionHeaders: 'always', workers: EDGE_THREADS });
  expect(log).toEqual({ level: 'silent', format: 'json', access: false });
  expect(services).toHaveLength(1);
  expect(services[0]?.endpoints.map(({ cloud, region, url }) => [`${cloud}/${region}`, url.host, url.port])).toEqual(
    DEMO_REGIONS.map(({ id }, index) => [id, '127.0.0.1', 4000 + index]),
  );
  expect(services[0]).toMatchObject({ health: { intervalMs: 2000 }, breakers: { openMs: 10_000 } });
});
