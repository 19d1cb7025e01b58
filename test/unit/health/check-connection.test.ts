import { afterEach, expect, test } from 'vitest';
import { ADDRESSES_A_CHECK, CheckConnection } from '../../../src/health/check-connection.ts';
import type { CheckProgress } from '../../../src/health/undici.ts';
import { systemClock } from '../../../src/table/system-clock.ts';
import { Origin, refusingPort, targetOf } from './origin.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function lineOf(timeoutMs = 2000): CheckConnection {
  const connection = new CheckConnection(targetOf(1, { timeoutMs }), undefined, systemClock(0));
  closing.push(() => connection.cut());
  return connection;
}

async function good(): Promise<Origin> {
  const origin = await Origin.http((_, response) => response.end());
  closing.push(() => origin.stop());
  return origin;
}

const fresh = (): CheckProgress => ({
  phase: 'connecting',
  status: undefined,
  latencyMs: undefined,
  connectMs: undefined,
});
const at = (port: number) => ({ host: '127.0.0.1', port });

test('it knows the address that it leads to, and keeps to it while it is connected', async () => {
  const [origin, other, dead] = [await good(), await good(), await refusingPort()];
  const connection = lineOf();
  expect(connection.address).toBeUndefined();
  await connection.get('/', 'a', fresh(), [at(dead), at(origin.port)]);
  expect([connection.position, connection.address]).toEqual([1, at(origin.port)]);
  await connection.get('/', 'a', fresh(), [at(other.port)]);
  expect([connection.address, other.sockets.length]).toEqual([at(origin.port), 0]);
});

test('where it has to connect again, it goes by what is offered then', async () => {
  const [origin, other] = [await good(), await good()];
  const connection = lineOf();
  await connection.get('/', 'a', fresh(), [at(origin.port)]);
  await origin.stop();
  closing.splice(1, 1);
  const offered = [at(other.port)];
  // The end of the old connection may be noticed before the request or by it.
  await connection.get('/', 'a', fresh(), offered).catch(() => connection.get('/', 'a', fresh(), offered));
  expect(connection.address).toEqual(at(other.port));
});

test('no more than so many addresses are tried', async () => {
  const [origin, dead] = [await good(), await refusingPort()];
  const addresses = [...Array.from({ length: ADDRESSES_A_CHECK }, () => at(dead)), at(origin.port)];
  await expect(lineOf().get('/', 'a', fresh(), addresses)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('cutting it while it connects makes the request fail', async () => {
  const mute = await Origin.tcp(() => {});
  closing.push(() => mute.stop());
  const target = targetOf(1, {
    url: { protocol: 'https', host: 'shop.test', port: 1, basePath: '' },
    timeoutMs: 60_000,
    connectMs: 60_000,
  });
  const connection = new CheckConnection(
    target,
    { serverName: 'shop.test', verifyName: undefined, insecure: false, trust: undefined },
    systemClock(0),
  );
  const getting = connection.get('/', 'a', fresh(), [at(mute.port)]);
  getting.catch(() => {});
  await expect.poll(() => mute.sockets.length).toBe(1);
  connection.cut();
  await expect(getting).rejects.toThrow('cut');
  await expect.poll(() => mute.sockets[0]?.closed).toBe(true);
});
