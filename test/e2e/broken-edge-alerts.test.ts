import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { ask } from '../support/client.ts';
import { startOrigin } from '../support/origin.ts';
import { run, temporaryFolder } from '../support/process.ts';
import { freePort, lacks, startPrometheus } from '../support/programs.ts';

/*
 * An edge that has been broken in every way that takes no days: what its own alerts say of it, and what those of a real Prometheus do,
 * with the rules that are shipped. Only their times are shorter.
 */

const RULES = fileURLToPath(new URL('../../config/prometheus/rules.yml', import.meta.url));
const OLD_DATABASE = fileURLToPath(new URL('../fixtures/mmdb/GeoIP2-Country-Test.mmdb', import.meta.url));
const SOON = { timeout: 60_000, interval: 250 };

const OURS = [
  'MeridianBreakerOpen',
  'MeridianBudgetBurn',
  'MeridianCloudDown',
  'MeridianEndpointHealthCritical',
  'MeridianGeoDatabaseOld',
  'MeridianNoEndpoints',
  'MeridianReloadFailed',
];
/** An edge sends no alert about the way of its alerts. */
const THEIRS = [...OURS.filter((name) => name !== 'MeridianBreakerOpen'), 'MeridianAlertSinkDown'].toSorted();

/** Three services: one has lost a cloud, one everything, and one answers nothing but errors. */
async function brokenEdge() {
  const good = await startOrigin('good');
  const sick = await startOrigin('sick', (_, response) => {
    response.statusCode = 500;
    response.end();
  });
  const gone = await freePort();
  const yaml = `version: 1
edge: { id: test, listen: "127.0.0.1:0", workers: 1, drain: 0s }
admin: { listen: "127.0.0.1:0" }
geo: { database: "${OLD_DATABASE}" }
log: { access: false }
health: { interval: 200ms, timeout: 150ms }
alerts:
  interval: 1s
  rules: { cloud_down: { for: 0s }, health_critical: { for: 0s }, no_endpoints: { for: 0s } }
  sinks: { webhook: { url: "http://127.0.0.1:${gone}/" } }
slo: { minimum_requests: 20, minimum_errors: 5 }
services:
  shop:
    match: { hosts: [shop.test] }
    endpoints:
      - { cloud: aws, region: us-east-1, url: "http://127.0.0.1:${gone}" }
      - { cloud: aws, region: us-west-2, url: "http://127.0.0.1:${gone}" }
      - { cloud: gcp, region: us-east4, url: "http://127.0.0.1:${good.port}" }
  lost:
    match: { hosts: [lost.test] }
    endpoints: [{ cloud: azure, region: eastus, url: "http://127.0.0.1:${gone}" }]
  sick:
    match: { hosts: [sick.test] }
    endpoints: [{ cloud: gcp, region: us-central1, url: "http://127.0.0.1:${sick.port}" }]
`;
  const folder = temporaryFolder();
  const edge = run(['start', '-c', folder.write('meridian.yaml', yaml)]);
  const [, port, admin] = await edge.printed(/serving 127\.0\.0\.1:(\d+) .*admin on 127\.0\.0\.1:(\d+)/);
  const breakFile = () => folder.write('meridian.yaml', `${yaml}nonsense: true\n`);
  return { edge, folder, port: Number(port), admin: Number(admin), breakFile };
}

type Ours = { readonly alerts: readonly { alert: string; state: string; summary: string }[] };
type Theirs = { readonly data: { readonly alerts: readonly { labels: Record<string, string>; state: string }[] } };

test.skipIf(lacks('prometheus'))(
  'what is broken is alerted on, by the edge and by Prometheus',
  { timeout: 180_000 },
  async () => {
    const { edge, folder, port, admin, breakFile } = await brokenEdge();
    const rules = readFileSync(RULES, 'utf8')
      .replaceAll(/interval: 30s/g, 'interval: 1s')
      .replaceAll(/^( +)for: \w+$/gm, '$1for: 0s');
    folder.write('rules.yml', rules);
    const config = `global: { scrape_interval: 500ms, scrape_timeout: 400ms, evaluation_interval: 1s }
rule_files: [rules.yml]
scrape_configs: [{ job_name: meridian, static_configs: [{ targets: ["127.0.0.1:${admin}"] }] }]
`;
    const prometheus = await startPrometheus(folder.write('prometheus.yml', config), folder.path);
    breakFile();
    const ours = async () => {
      const { alerts } = JSON.parse((await ask(admin, { path: '/alerts' })).body) as Ours;
      return alerts.filter(({ state }) => state === 'firing');
    };
    const theirs = async () => {
      const { data } = JSON.parse((await ask(prometheus, { path: '/api/v1/alerts' })).body) as Theirs;
      return data.alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels['alertname']);
    };
    await vi.waitFor(async () => {
      const hosts = ['lost.test', 'sick.test', 'shop.test', 'sick.test'];
      await Promise.all(hosts.map((host) => ask(port, { headers: { host } })));
      expect((await ours()).map(({ alert }) => alert)).toEqual(expect.arrayContaining(OURS));
      expect(await theirs()).toEqual(expect.arrayContaining(THEIRS));
    }, SOON);
    const { summary } = (await ours()).find(({ alert }) => alert === 'MeridianBreakerOpen') ?? {};
    expect(summary).toMatch(/\((?:answered 500|connect-refused: ECONNREFUSED|shop\/|sick\/|lost\/).*\)$/);

    edge.child.kill('SIGKILL');
    await vi.waitFor(async () => expect(await theirs()).toContain('MeridianDown'), SOON);
  },
);
