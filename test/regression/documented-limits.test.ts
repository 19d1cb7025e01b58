import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ENDPOINTS_MAX, SERVICES_MAX } from '../../src/config/rules.ts';
import { ADDRESSES_MAX } from '../../src/geo/locate.ts';
import { ROWS_MAX, WORKERS_MAX } from '../../src/table/endpoint-table.ts';

/* Limits that users read about are those of the code: rows, threads and others had drifted apart. */
const page = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
const number = (count: number) => count.toLocaleString('en-US');

test('the table of limits has the numbers of the code', () => {
  const text = page('operations.md');
  expect(text).toContain(`| ${SERVICES_MAX}; ${number(ENDPOINTS_MAX)} (${number(ROWS_MAX)} rows`);
  expect(text).toContain(`| client addresses whose place is remembered | ${number(ADDRESSES_MAX)} per edge thread |`);
  expect(page('metrics.md')).toContain(`endpoints in the file, at most ${number(ENDPOINTS_MAX)};`);
  expect(page('configuration.md')).toContain(`\`auto\`, or 1 to ${WORKERS_MAX}`);
});

test('calls of the admin port are written with the token', () => {
  for (const name of ['operations.md', 'chaos.md', 'degraded.md', 'fleet.md', 'alerts.md']) {
    const calls = page(name).match(/^curl .*9901\/(?!livez|readyz|metrics).*$/gm) ?? [];
    for (const call of calls) expect(call).toMatch(/-H /);
  }
});
