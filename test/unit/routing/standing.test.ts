import { beforeEach, describe, expect, test } from 'vitest';
import { heldBackMs } from '../../../src/resilience/ramp.ts';
import type { Ask } from '../../../src/routing/ask.ts';
import { NEVER_TIER, PANIC_TIER, STANDINGS, standingOf } from '../../../src/routing/standing.ts';
import { HEALTH_STATE } from '../../../src/table/endpoint-table.ts';
import { askOf, type Stage, stageOf } from '../../support/stage.ts';
import { threeClouds } from '../../support/topology.ts';

const topology = threeClouds({ service: 'breakers: { failures: 1, successes: 1, open_for: 60s, probes: 1 }' });
const POLICY = { failures: 1, successes: 1, openMs: 60_000, probes: 1 };
let stage: Stage;

beforeEach(() => {
  stage = stageOf(topology);
});

/** The standing of the gcp endpoint, which is in row 1. */
function standing(more: Partial<Ask> = {}): string {
  const { view, live } = stage;
  return (STANDINGS[standingOf(view, 1, live, askOf(view, 10, more))] as { name: string }).name;
}

const cells = (of: 'endpointCells' | 'cloudCells') => stage.live[of];

function openBreaker(of: 'endpointCells' | 'cloudCells', nowMs: number): void {
  cells(of).report(1, cells(of).epoch(1), 'failure', { nowMs, policy: POLICY });
}

test('what may not be sent twice probes only after something good was heard', () => {
  openBreaker('endpointCells', 0);
  const late = { nowMs: 60_000 };
  expect([standing({ ...late, mayProbe: true }), standing({ ...late, mayProbe: false })]).toEqual(['ready', 'probing']);
  const policy = { ...POLICY, successes: 2 };
  stage.live.endpointCells.vouch(1, { nowMs: 60_000, policy });
  expect(standing({ ...late, mayProbe: false })).toBe('ready');
});

test('an endpoint with nothing against it is ready', () => {
  expect(standing()).toBe('ready');
});

describe('each of these alone puts it behind or out', () => {
  test.each([
    ['drained', (s: Stage) => void (s.table.live.drained[1] = 1)],
    ['unhealthy', (s: Stage) => void (s.table.live.state[1] = HEALTH_STATE.unhealthy)],
    ['degraded', (s: Stage) => void (s.table.live.state[1] = HEALTH_STATE.degraded)],
    ['unknown', (s: Stage) => void (s.table.live.state[1] = HEALTH_STATE.unknown)],
    ['low-health', (s: Stage) => void (s.table.live.health[1] = 0.4999)],
    ['silent', (s: Stage) => void (s.table.live.silent[1] = 1)],
    ['resting', (s: Stage) => void (s.table.live.restUntilMs[1] = 1e9)],
    ['full', (s: Stage) => void (s.table.live.inFlight[1] = 300)],
    ['full', (s: Stage) => void (s.table.live.inFlight[1] = 340)],
    ['full', (s: Stage) => void (s.table.live.fleetInFlight[1] = 300)],
    ['full', (s: Stage) => void ((s.table.live.inFlight[1] = 200), (s.table.live.fleetInFlight[1] = 100))],
    ['full', (s: Stage) => void ((s.table.live.inFlight[1] = 15), (s.table.live.capacity[1] = 5))],
  ])('%s', (name, happens) => {
    happens(stage);
    expect(standing()).toBe(name);
  });

  test('failing: its checks pass, its requests do not', () => {
    stage.table.live.state[1] = HEALTH_STATE.unhealthy;
    stage.table.live.checksGood[1] = 1;
    expect(standing()).toBe('failing');
    openBreaker('endpointCells', 0);
    expect(standing()).toBe('breaker-open');
    stage.table.live.checksGood[1] = 0;
    expect(standing()).toBe('unhealthy');
  });

  test('tried', () => {
    expect(standing({ tried: [0, 1] })).toBe('tried');
    expect(standing({ tried: [0, 2] })).toBe('ready');
  });

  test('an open breaker of its own or of its cloud', () => {
    openBreaker('endpointCells', 0);
    expect(standing()).toBe('breaker-open');
    openBreaker('cloudCells', 0);
    expect(standing()).toBe('cloud-breaker-open');
  });
});

test('health at the floor is enough, and so is the last place', () => {
  stage.table.live.health[1] = 0.5;
  stage.table.live.inFlight[1] = 99;
  expect(standing()).toBe('ready');
});

test('the floor is the file’s', () => {
  stage = stageOf(threeClouds({ service: 'routing: { health_floor: 0.8 }' }));
  stage.table.live.health[1] = 0.79;
  expect(standing()).toBe('low-health');
});

describe.each(['endpointCells', 'cloudCells'] as const)('once the time of a breaker is over (%s)', (of) => {
  test('a request that can go elsewhere may find out, and one that cannot may not', () => {
    openBreaker(of, 0);
    expect(standing({ nowMs: 60_000 })).toBe('ready');
    expect(standing({ nowMs: 60_000, mayProbe: false })).toBe('probing');
  });

  test('nobody may while another does', () => {
    openBreaker(of, 0);
    cells(of).admit(1, { nowMs: 60_000, policy: POLICY });
    expect(standing({ nowMs: 60_001 })).toMatch(/breaker-open$/);
    expect(standing({ nowMs: 120_000 })).toBe('ready');
  });

  test('what else is against it still holds', () => {
    openBreaker(of, 0);
    stage.table.live.state[1] = HEALTH_STATE.unhealthy;
    expect(standing({ nowMs: 60_000 })).toBe('unhealthy');
  });
});

test('a returning endpoint is kept out of most draws at first, and of none in the end', () => {
  stage.table.live.rampFromMs[1] = 1000;
  expect(standing({ nowMs: 1000, heldBackMs: heldBackMs(0.019, 30_000) })).toBe('ready');
  expect(standing({ nowMs: 1000, heldBackMs: heldBackMs(0.021, 30_000) })).toBe('ramping');
  expect(standing({ nowMs: 16_000, heldBackMs: heldBackMs(0.50, 30_000) })).toBe('ready');
  expect(standing({ nowMs: 16_000, heldBackMs: heldBackMs(0.52, 30_000) })).toBe('ramping');
  expect(standing({ nowMs: 31_000, heldBackMs: heldBackMs(0.999, 30_000) })).toBe('ready');
});

test('one that has more than it is built for is not full yet', () => {
  stage.table.live.inFlight[1] = 299;
  expect(standing()).toBe('ready');
});

test('errors just beyond the limit take a few requests away, and several times the limit all of them', () => {
  const { live } = stage.table;
  live.state[1] = HEALTH_STATE.degraded;
  const kept = (errorRate: number) => {
    live.errorRate[1] = errorRate;
    return Array.from({ length: 100 }, (_, i) => standing({ share: i / 100 })).filter((name) => name === 'ready')
      .length;
  };
  expect([0.0101, 0.02, 0.0301, 0.05, 0.1].map(kept)).toEqual([100, 75, 50, 0, 0]);
  // Degraded without errors: it is slow.
  expect(kept(0)).toBe(0);
});

test('one that is far too slow comes after those that are full, and is no panic', () => {
  stage.table.live.tooSlow[1] = 1;
  expect(standing()).toBe('slow');
  expect(STANDINGS.find(({ name }) => name === 'slow')?.tier).toBe(
    STANDINGS.find(({ name }) => name === 'degraded')?.tier,
  );
});

test('one that refuses gets as many as it has room for', () => {
  stage.table.live.room[1] = 0.3;
  expect([standing({ share: 0.29 }), standing({ share: 0.3 })]).toEqual(['ready', 'full']);
});

test('the worst that is against it names it', () => {
  const { live } = stage.table;
  live.rampFromMs[1] = 0;
  live.inFlight[1] = 300;
  expect(standing({ heldBackMs: heldBackMs(0.9, 30_000) })).toBe('full');
  live.state[1] = HEALTH_STATE.degraded;
  expect(standing()).toBe('degraded');
  live.health[1] = 0;
  expect(standing()).toBe('low-health');
  live.state[1] = HEALTH_STATE.unhealthy;
  live.checksGood[1] = 1;
  expect(standing()).toBe('failing');
  openBreaker('endpointCells', 0);
  expect(standing()).toBe('breaker-open');
  openBreaker('cloudCells', 0);
  expect(standing()).toBe('cloud-breaker-open');
  live.checksGood[1] = 0;
  expect(standing()).toBe('unhealthy');
  expect(standing({ tried: [1] })).toBe('tried');
  live.drained[1] = 1;
  expect(standing({ tried: [1] })).toBe('drained');
});

test('tiers: healthy, then unknown, full and degraded, then what fails, what is down, and five that are never sent to', () => {
  const tiers = Object.fromEntries(STANDINGS.map(({ name, tier }) => [name, tier]));
  expect(Object.keys(tiers)).toHaveLength(STANDINGS.length);
  const better = ['ready', 'spilling', 'ramping', 'unknown', 'full', 'degraded'];
  expect(better.map((name) => tiers[name])).toEqual([0, 1, 2, 3, 4, 5]);
  const panic = STANDINGS.filter(({ tier }) => tier === PANIC_TIER).map(({ name }) => name);
  expect(panic).toEqual(['probing', 'low-health', 'breaker-open', 'cloud-breaker-open', 'failing']);
  expect(tiers['unhealthy']).toBe(PANIC_TIER + 1);
  const never = STANDINGS.filter(({ tier }) => tier === NEVER_TIER).map(({ name }) => name);
  expect(never).toEqual(['tried', 'drained', 'fenced', 'reserved', 'saturated']);
});
