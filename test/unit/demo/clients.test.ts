import fc from 'fast-check';
import { expect, test } from 'vitest';
import { curlLines, DEMO_CLIENTS, drawRequest, EXAMPLES } from '../../../src/demo/clients.ts';
import { readDatabase } from '../../../src/geo/database-file.ts';

test('the built-in database places every client in its country', async () => {
  const { database } = await readDatabase('builtin');
  const found = DEMO_CLIENTS.map(({ name, address }) => [name, database.lookup(address)?.country]);
  expect(found).toEqual(DEMO_CLIENTS.map(({ name, country }) => [name, country]));
});

test('clients are drawn by their weights', () => {
  const draws = 10_000;
  const counts = new Map<string, number>();
  for (let i = 0; i < draws; i += 1) {
    const { name } = drawRequest((i + 0.5) / draws, 0).client;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const total = DEMO_CLIENTS.reduce((sum, { weight }) => sum + weight, 0);
  for (const { name, weight } of DEMO_CLIENTS) {
    expect(Math.abs((counts.get(name) ?? 0) - (draws * weight) / total), name).toBeLessThanOrEqual(1);
  }
});

test('every draw is somebody, and half of them ask for no priority', () => {
  const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(fc.property(draw, draw, (client, priority) => DEMO_CLIENTS.includes(drawRequest(client, priority).client)));
  expect([0, 0.25, 0.5, 0.75].map((draw) => drawRequest(0, draw).priority)).toEqual([
    undefined,
    undefined,
    'latency',
    'reliability',
  ]);
});

test('the commands to copy fit the terminal, and there is one of each priority', () => {
  const url = 'http://127.0.0.1:65535/';
  const narrow = curlLines(url, 80);
  expect(narrow).toHaveLength(6);
  expect(Math.max(...narrow.map((line) => line.length))).toBeLessThan(80);
  const wide = curlLines(url, 200);
  expect(wide).toHaveLength(3);
  expect(
    narrow
      .join('\n')
      .replaceAll(/ \\\n +/g, ' ')
      .split('\n'),
  ).toEqual(wide);
  expect(EXAMPLES.map(([, priority]) => priority).sort()).toEqual(['balanced', 'latency', 'reliability']);
  expect(wide[0]).toBe(`curl -i -H 'X-Forwarded-For: 133.11.0.1' -H 'routing-priority: latency' ${url}`);
});
