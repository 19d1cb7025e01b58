import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { run, temporaryFolder } from '../support/process.ts';
import { lacks, startPrometheus } from '../support/programs.ts';
import { threeCloudsYaml } from '../support/rig.ts';
import { scratch } from '../support/scratch.ts';
import { issue } from '../support/x509.ts';

type Panel = { readonly title: string; readonly targets?: readonly { readonly expr: string }[] };
const file = new URL('../../config/grafana/meridian.json', import.meta.url);
const { panels } = JSON.parse(readFileSync(file, 'utf8')) as { readonly panels: readonly Panel[] };
const queries = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));

/** As Grafana fills in what it knows itself. */
const filled = (expr: string) =>
  expr.replaceAll('$__rate_interval', '20s').replaceAll('$__range', '60s').replaceAll('$service', '.+');

test('every panel asks for something, and no two have one name', () => {
  expect(queries.length).toBeGreaterThan(20);
  const shown = panels.filter(({ targets }) => targets !== undefined);
  expect(new Set(shown.map(({ title }) => title)).size).toBe(shown.length);
});

test.skipIf(lacks('prometheus'))(
  'no panel is empty when a real Prometheus scrapes an edge that has traffic',
  { timeout: 120_000 },
  async () => {
    const origin = await startOrigin('x', (request, response) => {
      response.statusCode = request.url === '/bad' ? 500 : 200;
      response.end('x');
    });
    const folder = temporaryFolder();
    const top = 'admin: { listen: "127.0.0.1:0" }\nhealth: { interval: 200ms, timeout: 150ms }\nlog: { access: false }';
    // A listener with a certificate, and a service with a ladder: some panels are about those.
    const pair = scratch().writePair('c', issue({ names: ['shop.test'] }));
    const listeners = `listeners: [{ listen: "127.0.0.1:0" }, { listen: "127.0.0.1:0", name: tls, tls: { ${pair} } }]`;
    const shown = (yaml: string) => yaml.replace('listen: "127.0.0.1:0"', listeners);
    const kept = `  kept:
    match: { hosts: [kept.test] }
    degraded: { cache: { fresh_for: 1m } }
    endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:${origin.port}" }]
`;
    const edge = run([
      'start',
      '-c',
      folder.write('m.yaml', `${shown(threeCloudsYaml([origin.port, origin.port, origin.port], '', top))}${kept}`),
    ]);
    const port = Number((await edge.printed(/serving .*?127\.0\.0\.1:(\d+)/))[1]);
    const admin = Number((await edge.printed(/admin on 127\.0\.0\.1:(\d+)/))[1]);
    const config = folder.write(
      'prometheus.yml',
      `global: { scrape_interval: 1s, scrape_timeout: 900ms }
scrape_configs: [{ job_name: meridian, static_configs: [{ targets: ["127.0.0.1:${admin}"] }] }]
`,
    );
    const prometheus = await startPrometheus(config, folder.path);
    const result = async (expr: string) => {
      const path = `/api/v1/query?query=${encodeURIComponent(filled(expr))}`;
      const { data } = JSON.parse((await ask(prometheus, { path })).body) as {
        data?: { result: { value: [0, string] }[] };
      };
      return (data?.result ?? []).filter(({ value: [, value] }) => value !== 'NaN');
    };
    await vi.waitFor(
      async () => {
        await Promise.all(['/', '/bad', '/'].map((path) => ask(port, { path })));
        // The second is answered with the copy of the first.
        for (let i = 0; i < 2; i += 1) await ask(port, { headers: { host: 'kept.test' } });
        const empty: string[] = [];
        for (const { title, expr } of queries) if ((await result(expr)).length === 0) empty.push(`${title}: ${expr}`);
        expect(empty).toEqual([]);
      },
      { timeout: 90_000, interval: 500 },
    );
  },
);
