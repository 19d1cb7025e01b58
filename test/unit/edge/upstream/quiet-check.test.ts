import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { UpstreamConnection } from '../../../../src/edge/upstream/connection.ts';
import { QuietCheck } from '../../../../src/edge/upstream/quiet-check.ts';

function connectionOf(told: string[], name: string) {
  const connection = { closed: false, home: { foundQuiet: () => told.push(name) } };
  return connection as unknown as UpstreamConnection & { closed: boolean };
}

test('a connection rests for two turns of the event loop', async () => {
  const told: string[] = [];
  const quietCheck = new QuietCheck();
  quietCheck.begin(connectionOf(told, 'a'));
  await turn();
  quietCheck.begin(connectionOf(told, 'b'));
  expect(told).toEqual([]);
  await turn();
  expect(told).toEqual(['a']);
  await turn();
  await turn();
  expect(told).toEqual(['a', 'b']);
});

test('a connection that is closed meanwhile is not reported', async () => {
  const told: string[] = [];
  const quietCheck = new QuietCheck();
  const closed = connectionOf(told, 'a');
  quietCheck.begin(closed);
  quietCheck.begin(connectionOf(told, 'b'));
  closed.closed = true;
  for (let i = 0; i < 4; i += 1) await turn();
  expect(told).toEqual(['b']);
});
