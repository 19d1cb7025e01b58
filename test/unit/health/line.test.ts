import { afterEach, expect, test } from 'vitest';
import { ADDRESSES_A_CHECK, Line } from '../../../src/health/line.ts';
import type { Exchange } from '../../../src/health/undici.ts';
import { systemClock } from '../../../src/table/system-clock.ts';
import { Origin, refusingPort, targetOf } from './origin.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function lineOf(timeoutMs = 2000): Line {
  const line = new Line(targetOf(1, { timeoutMs }), undefined, systemClock(0));
  closing.push(() => line.cut());
  return line;
}

async function good(): Promise<Origin> {
  const origin = await Origin.http((_, response) => response.end());
  closing.push(() => origin.stop());
  return origin;
}

const fresh = (): Exchange => ({ phase: 'connecting', status: undefined, latencyMs: undefined, connectMs: undefined });
const at = (port: number) => ({ host: '127.0.0.1', port });

test('it knows the address that it leads to, and keeps to it while it is connected', async () => {
  const [origin, other, dead] = [await good(), await good(), await refusingPort()];
  const line = lineOf();
  expect(line.address).toBeUndefined();
  await line.get('/', 'a', fresh(), [at(dead), at(origin.port)]);
  expect([line.position, line.address]).toEqual([1, at(origin.port)]);
  await line.get('/', 'a', fresh(), [at(other.port)]);
  expect([line.address, other.sockets.length]).toEqual([at(origin.port), 0]);
});

test('where it has to connect again, it goes by what is offered then', async () => {
  const [origin, other] = [await good(), await good()];
  const line = lineOf();
  await line.get('/', 'a', fresh(), [at(origin.port)]);
  await origin.stop();
  closing.splice(1, 1);
  const offered = [at(other.port)];
  // The end of the old connection may be noticed before the request or by it.
  await line.get('/', 'a', fresh(), offered).catch(() => line.get('/', 'a', fresh(), offered));
  expect(line.address).toEqual(at(other.port));
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
  const line = new Line(target, { serverName: 'shop.test', trust: undefined }, systemClock(0));
  const getting = line.get('/', 'a', fresh(), [at(mute.port)]);
  getting.catch(() => {});
  await expect.poll(() => mute.sockets.length).toBe(1);
  line.cut();
  await expect(getting).rejects.toThrow('cut');
  await expect.poll(() => mute.sockets[0]?.closed).toBe(true);
});
