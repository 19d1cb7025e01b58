import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { run, temporaryFolder } from '../support/process.ts';
import { lacks, runProgram, startPrometheus } from '../support/programs.ts';
import { threeCloudsYaml } from '../support/rig.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const page = (name: string) => readFileSync(`${ROOT}/${name}`, 'utf8');
const path = (name: string) => fileURLToPath(new URL(`../../config/prometheus/${name}`, import.meta.url));

test.skipIf(lacks('promtool'))('promtool finds the rules good', async () => {
  const { code, output } = await runProgram('promtool', ['check', 'rules', path('rules.yml')]);
  expect(output).toMatch(/SUCCESS: \d+ rules found/);
  expect(code).toBe(0);
});

test.skipIf(lacks('promtool'))(
  'promtool finds that they alert when they should, and not when they should not',
  { timeout: 120_000 },
  async () => {
    const { code, output } = await runProgram('promtool', ['test', 'rules', path('rules.test.yml')]);
    expect(output).toContain('SUCCESS');
    expect(code).toBe(0);
  },
);

test('the command of docs/alerts.md makes every link to a runbook one that can be followed', () => {
  const [, command = ''] = /^```sh\n(sed .*runbook_url.*)\n```/m.exec(page('docs/alerts.md')) ?? [];
  const folder = temporaryFolder();
  execFileSync('sh', ['-c', command.replace(/> (\S+)$/, `> "${folder.path}/$1"`)], { cwd: ROOT });
  const links = [...readFileSync(`${folder.path}/meridian-rules.yml`, 'utf8').matchAll(/runbook_url: (\S+)/g)];
  expect(links.length).toBe(page('config/prometheus/rules.yml').match(/runbook_url: /g)?.length);
  for (const [, link = ''] of links) {
    const [, base, name = ''] = /^(https:\/\/[^/]+\/.*)\/(docs\/runbooks\/[\w-]+\.md)$/.exec(link) ?? [];
    expect(base).toBe('https://git.example.com/meridian');
    expect(page(name)).toMatch(/^# /);
  }
});

test.skipIf(lacks('prometheus', 'promtool'))(
  'a real Prometheus scrapes an edge, and every rule evaluates on what it says',
  { timeout: 90_000 },
  async () => {
    const [good, gone] = [await startOrigin('good'), await startOrigin('gone')];
    await gone.kill();
    const folder = temporaryFolder();
    const top = 'admin: { listen: "127.0.0.1:0" }\nhealth: { interval: 200ms, timeout: 150ms }';
    const edge = run([
      'start',
      '-c',
      folder.write('m.yaml', threeCloudsYaml([good.port, gone.port, good.port], '', top)),
    ]);
    const admin = Number((await edge.printed(/admin on 127\.0\.0\.1:(\d+)/))[1]);
    const scraped = await ask(admin, { path: '/metrics' });
    expect(scraped.status).toBe(200);
    folder.write('rules.yml', readFileSync(path('rules.yml'), 'utf8').replace('interval: 30s', 'interval: 1s'));
    const config = folder.write(
      'prometheus.yml',
      `global: { scrape_interval: 500ms, scrape_timeout: 400ms, evaluation_interval: 1s }
rule_files: [rules.yml]
scrape_configs: [{ job_name: meridian, static_configs: [{ targets: ["127.0.0.1:${admin}"] }] }]
`,
    );
    const port = await startPrometheus(config, folder.path);
    const api = async (query: string) =>
      (JSON.parse((await ask(port, { path: `/api/v1/${query}` })).body) as { data: never }).data;
    type Rule = { name: string; health: string; state?: string; lastError?: string };
    const rules = async () =>
      ((await api('rules')) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules);
    const soon = { timeout: 40_000, interval: 250 };
    await vi.waitFor(async () => {
      const all = await rules();
      expect(all.filter(({ health }) => health !== 'ok').map(({ name, lastError }) => [name, lastError])).toEqual([]);
      expect(all.length).toBeGreaterThan(20);
      const up = all.find(({ name }) => name === 'MeridianEndpointHealthCritical');
      expect(up?.state).toMatch(/pending|firing/);
    }, soon);
    await vi.waitFor(async () => {
      const { result } = (await api('query?query=service:meridian_slo_error_budget:ratio')) as {
        result: { metric: { service: string }; value: [number, string] }[];
      };
      expect(result[0]?.metric.service).toBe('shop');
      expect(Number(result[0]?.value[1])).toBeCloseTo(0.0001, 9);
    }, soon);
    await good.kill();
  },
);
