import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(`${root}/${path}`, 'utf8');
const runbooks = readdirSync(`${root}/docs/runbooks`).sort();
const alerts = new Set([...alertsOf('docs/alerts.md'), ...alertsOf('config/prometheus/rules.yml')]);

/** Alerts of Prometheus' rules that are made of metrics which not every version has. */
const OF_NEWER_METRICS = [
  'MeridianCertificateEnds',
  'MeridianClientAborts',
  'MeridianFleetStoreNotWritable',
  'MeridianLogDrops',
  'MeridianNoTraffic',
  'MeridianThreadRestarts',
];

function alertsOf(page: string): readonly string[] {
  return read(page).match(/\bMeridian[A-Z]\w+/g) ?? [];
}

/** `MeridianCloudDown` is in `meridian-cloud-down.md`. */
function fileOf(alert: string): string {
  return `${alert.replaceAll(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase()}.md`;
}

test('every alert has its runbook, and every runbook its alert', () => {
  const expected = new Set([...alerts, ...OF_NEWER_METRICS].map(fileOf));
  expect(runbooks).toEqual([...expected].sort());
});

test.each(runbooks)('%s says what it means, what clients notice, where to look and what to do', (file) => {
  const text = read(`docs/runbooks/${file}`);
  const [, title = ''] = /^# (\w+)\n/.exec(text) ?? [];
  expect(fileOf(title)).toBe(file);
  for (const part of [
    /^\*\*It means\*\*: \S/m,
    /^\*\*Clients notice\*\*: \S/m,
    /^## Look\n1\. \S/m,
    /^## Do\n1\. \S/m,
  ]) {
    expect(text).toMatch(part);
  }
});

test.each(runbooks)('%s names metrics and pages that there are', (file) => {
  const text = read(`docs/runbooks/${file}`);
  const metrics = read('docs/metrics.md');
  for (const [, name = ''] of text.matchAll(/`(meridian_\w+|requests_total|request_duration_seconds)/g)) {
    expect(metrics).toContain(`\`${name}\``);
  }
  for (const [, link = ''] of text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g))
    expect(read(`docs/runbooks/${link}`)).not.toBe('');
});
