import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(`${root}/${path}`, 'utf8');

/** Severities of each alert of an edge's own, as docs/alerts.md has them. */
const own = new Map(
  [...read('docs/alerts.md').matchAll(/^\| (?:`\w+` )?\| `(Meridian\w+)` \| ([^|]+) \|/gm)].map(
    ([, alert = '', text = '']) => [alert, severitiesIn(text)],
  ),
);
/** … and as the rules for Prometheus do. */
const rules = new Map<string, string[]>();
for (const [, alert = '', severity = ''] of read('config/prometheus/rules.yml').matchAll(
  /- alert: (Meridian\w+)\n(?:(?! +- (?:alert|record):).*\n)*? +labels: \{ severity: (\w+)/g,
)) {
  rules.set(alert, [...new Set([...(rules.get(alert) ?? []), severity])].toSorted());
}

function severitiesIn(text: string): string[] {
  return ['critical', 'warning'].filter((word) => text.includes(word));
}

test('each alert of an edge has a rule for Prometheus, and they are as grave', () => {
  expect(own.size).toBeGreaterThan(12);
  for (const [alert, severities] of own) expect([alert, rules.get(alert)]).toEqual([alert, severities]);
});

test('what only Prometheus alerts on is named on the page as that', () => {
  const [, named = ''] = /sends no alert about itself: ([^]*?)\. Each has/.exec(read('docs/alerts.md')) ?? [];
  const only = [...rules.keys()].filter((alert) => !own.has(alert));
  expect(only.length).toBeGreaterThan(5);
  expect(new Set(only)).toEqual(new Set([...named.matchAll(/`(Meridian\w+)`/g)].map(([, alert]) => alert)));
});

test('every rule for Prometheus is tried by promtool', () => {
  const tried = read('config/prometheus/rules.test.yml');
  for (const alert of rules.keys()) expect([alert, tried.includes(`alertname: ${alert}`)]).toEqual([alert, true]);
});
