import { expect, test } from 'vitest';
import type { ConnectionLimit } from '../../../../src/config/topology-limits.ts';
import { limitCells } from '../../../../src/edge/request/limit-cells.ts';
import { compileTrust } from '../../../../src/edge/request/proxy-addr.ts';
import { ConnectionRate } from '../../../../src/edge/thread/connection-rate.ts';
import { stageOf } from '../../../support/stage.ts';
import { threeClouds } from '../../../support/topology.ts';

function rateWith(limit: ConnectionLimit | undefined, trusted: readonly string[] = []) {
  const stage = stageOf(threeClouds());
  const now = { ms: 1000, limit };
  const cells = limitCells(stage.table, stage.blocks[0]!, () => 0.5);
  const one = () =>
    new ConnectionRate({
      cells,
      clock: { nowMs: () => now.ms },
      limit: () => now.limit,
      trusted: () => compileTrust(trusted),
    });
  return { now, rate: one(), other: one() };
}

const TWO: ConnectionLimit = { rate: { requestsPerSecond: 1, burst: 2 }, ipv6Prefix: 64 };

test('an address opens as many as it may, over all threads, and one more as each is earned', () => {
  const { now, rate, other } = rateWith(TWO);
  expect([rate.admits('192.0.2.1'), other.admits('192.0.2.1'), rate.admits('192.0.2.1')]).toEqual([true, true, false]);
  expect(rate.admits('192.0.2.2')).toBe(true);
  now.ms += 1000;
  expect([other.admits('192.0.2.1'), rate.admits('192.0.2.1')]).toEqual([true, false]);
});

test('a network of IPv6 is one client', () => {
  const { rate } = rateWith(TWO);
  expect(['2001:db8::1', '2001:db8::2', '2001:db8::3', '2001:db8:0:1::'].map((one) => rate.admits(one))).toEqual([
    true,
    true,
    false,
    true,
  ]);
});

test('trusted proxies have no limit, and without one nobody has', () => {
  const { rate } = rateWith(TWO, ['192.0.2.0/24']);
  for (let i = 0; i < 10; i += 1) expect(rate.admits('192.0.2.1')).toBe(true);
  const { rate: any } = rateWith(undefined);
  for (let i = 0; i < 10; i += 1) expect(any.admits('192.0.2.1')).toBe(true);
});

test('a limit that a reload has changed holds for addresses that are known already', () => {
  const { now, rate } = rateWith(TWO);
  rate.admits('192.0.2.1');
  rate.admits('192.0.2.1');
  now.limit = { ...TWO, rate: { requestsPerSecond: 1, burst: 3 } };
  expect([rate.admits('192.0.2.1'), rate.admits('192.0.2.1')]).toEqual([true, false]);
});
