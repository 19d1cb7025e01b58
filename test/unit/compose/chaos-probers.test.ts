import { expect, test } from 'vitest';
import { chaosProbers } from '../../../src/compose/chaos-probers.ts';
import type { CheckResult, CheckTarget } from '../../../src/health/check.ts';
import { runningOf } from '../../support/chaos.ts';
import { threeClouds } from '../../support/topology.ts';

const WELL: CheckResult = { reachable: true, latencyMs: 3, connectMs: undefined, status: 200, error: undefined };
const topology = threeClouds();

function target(cloud: number): CheckTarget {
  const url = topology.services[0]?.endpoints[cloud]?.url as CheckTarget['url'];
  return {
    url,
    path: '/',
    host: undefined,
    protocol: 'h1',
    grpc: undefined,
    timeoutMs: 100,
    connectMs: 10,
    keepAliveMs: 10,
    expect: [],
    ca: undefined,
    shown: undefined,
    serverName: undefined,
    verifyName: undefined,
    insecure: false,
  };
}

/** Checks aws once while these run; what came of it, how often the endpoint was asked, and how long it was held back. */
async function checked(...running: Parameters<typeof runningOf>[]) {
  const seen = { checks: 0, anew: 0, sleptMs: 0, closed: 0 };
  const probers = chaosProbers(
    () => ({
      check: async (_, anew) => {
        seen.checks += 1;
        if (anew === true) seen.anew += 1;
        return WELL;
      },
      close: () => void (seen.closed += 1),
    }),
    {
      running: () => running.map((args) => runningOf(...args)),
      topology: () => topology,
      clock: { nowMs: () => 0 },
      random: () => 0.5,
      sleep: async (ms) => void (seen.sleptMs += ms),
      signal: new AbortController().signal,
    },
  );
  const prober = probers(target(0));
  const result = await prober.check([], true);
  prober.close();
  expect(seen.anew).toBe(seen.checks);
  expect(seen.closed).toBe(1);
  return { result, ...seen };
}

const FAIL = { kind: 'failure', answer: 500, errorRate: 1 } as const;

test('health checks are untouched unless an experiment asks for them', async () => {
  expect(await checked(['x', FAIL])).toMatchObject({ result: WELL, checks: 1, sleptMs: 0 });
  expect(await checked(['x', { kind: 'latency', delayMs: 50 }])).toMatchObject({ result: WELL, sleptMs: 0 });
});

test.each([[{ scope: { cloud: 'gcp' } }], [{ scope: { priority: 'latency' } }], [{ radius: 0 }]] as const)(
  'nor where it does not reach: %j',
  async (more) => {
    expect(await checked(['x', FAIL, { healthChecks: true, ...more }])).toMatchObject({ result: WELL, checks: 1 });
  },
);

test('asked for, checks fail and are late like attempts', async () => {
  const asked = { healthChecks: true, scope: { cloud: 'aws' } } as const;
  expect(await checked(['x', FAIL, asked])).toMatchObject({
    result: { reachable: false, error: 'failed by an experiment' },
    checks: 0,
  });
  const late = await checked(['x', { kind: 'latency', delayMs: 50 }, asked]);
  expect(late).toMatchObject({ result: { ...WELL, latencyMs: 53 }, sleptMs: 50 });
  const tooLate = await checked(['x', { kind: 'latency', delayMs: 500 }, asked]);
  expect(tooLate).toMatchObject({
    result: { reachable: false, error: expect.stringMatching(/no answer in time/) as string },
    checks: 0,
    sleptMs: 100,
  });
  expect(await checked(['x', { kind: 'partial', keep: 0 }, asked])).toMatchObject({ result: WELL });
});
