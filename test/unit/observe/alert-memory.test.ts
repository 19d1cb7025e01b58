import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { type Memory, readMemory, writeMemory } from '../../../src/observe/alert-memory.ts';
import { temporaryFolder } from '../../support/process.ts';
import { AT_MS, changeTo, findingOf } from './finding.ts';

const MEMORY: Memory = {
  version: 1,
  savedAtMs: AT_MS,
  alerts: [{ finding: findingOf('a'), startsAtMs: AT_MS, announced: true }],
  queues: { webhook: [changeTo('firing', 'a'), changeTo('resolved', 'b')], slack: [] },
  slo: { shop: { minutes: [[0, 5, 1]], hours: [] } },
};

test('what is written is read again, from a folder that need not exist', async () => {
  const file = `${temporaryFolder().path}/deep/er/alerts.json`;
  await writeMemory(file, MEMORY);
  await writeMemory(file, MEMORY);
  // JSON has no undefined, so what fires comes back without an end.
  expect(await readMemory(file)).toEqual(JSON.parse(JSON.stringify(MEMORY)));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(dirname(file))).toEqual(['alerts.json']);
});

test('no file is no memory', async () => {
  expect(await readMemory(`${temporaryFolder().path}/none.json`)).toBeUndefined();
});

const broken = (change: (memory: Record<string, unknown>) => void) => {
  const memory = JSON.parse(JSON.stringify(MEMORY)) as Record<string, unknown>;
  change(memory);
  return JSON.stringify(memory);
};

test.each([
  ['nothing', ''],
  ['half of one', JSON.stringify(MEMORY).slice(0, 200)],
  ['another version', broken((memory) => (memory['version'] = 2))],
  ['no time', broken((memory) => (memory['savedAtMs'] = 'today'))],
  ['an alert without a finding', broken((memory) => (memory['alerts'] = [{ startsAtMs: 1, announced: true }]))],
  ['a date that is none', broken((memory) => (memory['alerts'] = [{ ...MEMORY.alerts[0], startsAtMs: 1e18 }]))],
  [
    'a change that is neither',
    broken((memory) => (memory['queues'] = { x: [{ ...changeTo('firing', 'a'), status: 1 }] })),
  ],
  ['counts below zero', broken((memory) => (memory['slo'] = { shop: { minutes: [[0, -1, 0]], hours: [] } }))],
])('a file with %s is refused in one sentence', async (_, text) => {
  const file = temporaryFolder().write('alerts.json', text);
  await expect(readMemory(file)).rejects.toThrow(/^it does not hold the state of alerts; it is written anew$/);
  expect(readFileSync(file, 'utf8')).toBe(text);
});
