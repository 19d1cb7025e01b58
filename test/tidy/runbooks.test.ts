import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(`${root}/${path}`, 'utf8');
const runbooks = readdirSync(`${root}/docs/runbooks`).sort();
const alerts = new Set([...alertsOf('docs/alerts.md'), ...alertsOf('config/prometheus/rules.yml')]);

function alertsOf(page: string): readonly string[] {
  return read(page).match(/\bMeridian[A-Z]\w+/g) ?? [];
}

/** `MeridianCloudDown` is in `meridian-cloud-down.md`. */
function fileOf(alert: string): string {
  return `${alert.replaceAll(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase()}.md`;
}

test('every alert has its runbook, and every runbook its alert', () => {
  expect(runbooks).toEqual([...alerts].map(fileOf).sort());
});

test('every rule for Prometheus leads to the runbook of its alert', () => {
  const rules = read('config/prometheus/rules.yml')
    .split(/^ +- alert: /m)
    .slice(1);
  expect(rules.length).toBeGreaterThan(20);
  for (const rule of rules) {
    const [, url = ''] = /runbook_url: docs\/runbooks\/(\S+)/.exec(rule) ?? [];
    expect(url).toBe(fileOf(/^\w+/.exec(rule)?.[0] ?? ''));
  }
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
