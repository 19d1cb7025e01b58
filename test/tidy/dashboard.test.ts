import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { dashboardPanels, dashboardQueries } from '../support/dashboard.ts';

const page = readFileSync(fileURLToPath(new URL('../../docs/metrics.md', import.meta.url)), 'utf8');
const [families = '', behind = ''] = page.split('## On the dashboard');
const documented = new Set(
  [...families.matchAll(/^\| `(\w+)` \| (?:counter|gauge|histogram) \|/gm)].map(([, name = '']) => name),
);
const [listed = ''] = behind.split('\n## ');
const withoutPanel = new Set(
  listed
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...(line.split(' | ')[0] ?? '').matchAll(/`(\w+)`/g)].map(([, name = '']) => name)),
);
const asked = new Set(
  dashboardQueries().flatMap(({ expr }) =>
    (expr.replaceAll(/\bby \([^)]*\)|\{[^}]*\}|\[[^\]]*\]/g, '').match(/\b[a-z]\w*_\w+\b(?! *\()/g) ?? []).map(
      (name) => (documented.has(name) ? name : name.replace(/_(?:bucket|sum|count)$/, '')),
    ),
  ),
);

test('every family of docs/metrics.md has a panel, or its place in the list of those that have none, and not both', () => {
  expect(documented.size).toBeGreaterThan(150);
  expect([...documented].filter((name) => !asked.has(name) && !withoutPanel.has(name))).toEqual([]);
  expect([...withoutPanel].filter((name) => asked.has(name))).toEqual([]);
});

test('panels ask for nothing, and the list names nothing, that is not on the page', () => {
  expect([...asked, ...withoutPanel].filter((name) => !documented.has(name))).toEqual([]);
});

test('panels have names and numbers of their own, say what they show, name their lines, and do not overlap', () => {
  const panels = dashboardPanels();
  for (const of of [
    panels.map(({ title }) => title),
    panels.map(({ id }) => String(id)),
    panels.map(({ gridPos: { x, y } }) => `${x} ${y}`),
  ]) {
    expect(new Set(of).size).toBe(of.length);
  }
  for (const { title, description = '', targets = [], gridPos } of panels) {
    expect([title, description]).not.toEqual([title, '']);
    expect([title, targets.length]).not.toEqual([title, 0]);
    for (const { legendFormat = '' } of targets) expect([title, legendFormat]).not.toEqual([title, '']);
    expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
  }
});
