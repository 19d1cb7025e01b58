import { expect, test } from 'vitest';
import type { Attempt, Exchange } from '../../../src/edge/request/exchange.ts';
import { isFault } from '../../../src/resilience/fault.ts';
import { HEALTH_STATE } from '../../../src/table/endpoint-table.ts';
import { Dice } from '../../fuzz/dice.ts';
import { begun, type Path, pathOf, refused } from '../../support/path.ts';
import { headOf } from '../../support/request.ts';
import { threeClouds } from '../../support/topology.ts';

/**
 * Three endpoints come back one by one after all of them were down, while clients ask for nine tenths of what all three can. The product's own path
 * decides, in virtual time: a millisecond a step, and 100 ms of work for a request.
 */
const CAPACITY = 100;
const WORK_MS = 100;
const REQUESTS_PER_MS = (0.9 * 3 * CAPACITY) / WORK_MS;
const RETURNS_MS = [3000, 13_000, 23_000];
const END_MS = 33_000;

type Seen = {
  /** For each endpoint the longest time in one piece that it had more than its capacity. */
  readonly overMs: readonly number[];
  /** Requests that were answered in the last five seconds before each return, and before the end, a second. */
  readonly answeredPerSecond: readonly number[];
};

function outage(routing: string): Seen {
  const path = pathOf(threeClouds({ service: `routing: { ${routing} }\nbreakers: { open_for: 1s }` }));
  const dice = new Dice(7, 0);
  Object.assign(path.deps, { random: () => dice.below(2 ** 30) / 2 ** 30 });
  const { live } = path.stage.table;
  const startMs = path.now.ms;
  live.state.fill(HEALTH_STATE.unhealthy, 0, 3);
  live.health.fill(0, 0, 3);
  const done: [Exchange, Attempt][][] = [];
  const over = [0, 0, 0];
  const overMax = [0, 0, 0];
  const answered = Array.from({ length: END_MS }, () => 0);
  let owed = 0;
  for (let ms = 0; ms < END_MS; ms += 1) {
    path.now.ms = startMs + ms;
    const back = RETURNS_MS.indexOf(ms);
    if (back !== -1) comesBack(path, back);
    for (const [exchange, attempt] of done[ms] ?? []) {
      path.pipeline.answered(exchange, attempt, 200, true);
      path.pipeline.ended(exchange, attempt, 'complete');
      answered[ms] = (answered[ms] as number) + 1;
    }
    done[ms] = [];
    for (owed += REQUESTS_PER_MS; owed >= 1; owed -= 1) {
      const sent = send(path, ms);
      if (sent !== undefined) (done[ms + WORK_MS] ??= []).push(sent);
    }
    for (let i = 0; i < 3; i += 1) {
      over[i] = (live.inFlight[i] as number) > CAPACITY ? (over[i] as number) + 1 : 0;
      overMax[i] = Math.max(overMax[i] as number, over[i] as number);
    }
  }
  const before = [...RETURNS_MS.slice(1), END_MS].map((to) => answered.slice(to - 5000, to));
  return { overMs: overMax, answeredPerSecond: before.map((counts) => counts.reduce((a, b) => a + b, 0) / 5) };
}

/** Its checks pass again, as the health loop writes it down. */
function comesBack({ stage, now }: Path, i: number): void {
  const { live } = stage.table;
  live.state[i] = HEALTH_STATE.healthy;
  live.health[i] = 1;
  live.checksGood[i] = 1;
  live.rampFromMs[i] = now.ms;
  live.breaker[i] = 0;
  live.cloudBreaker[stage.view.targets[i]?.cloudBreaker as number] = 0;
}

/** Tries as an engine does, until an endpoint takes it that is up; undefined when none did. */
function send(path: Path, ms: number): [Exchange, Attempt] | undefined {
  const exchange = path.pipeline.identify(headOf());
  if ('answer' in exchange || isFault(exchange)) throw new Error('refused');
  let next = path.pipeline.start(exchange);
  while (!isFault(next)) {
    if (ms >= (RETURNS_MS[next.index] as number)) return [exchange, next];
    next = path.pipeline.failed(exchange, next, refused, true);
  }
  path.pipeline.gaveUp(exchange, next);
  return undefined;
}

test('without a brake the first that comes back gets everything', () => {
  expect(begun(pathOf()).attempt.index).toBe(0);
  const { overMs } = outage('ramp: 5s');
  expect(Math.max(...overMs)).toBeGreaterThan(5000);
});

test('with one nobody gets more than its capacity for a second, and what there is of it is used', () => {
  const { overMs, answeredPerSecond } = outage('ramp: 5s, spill_at: 85%, shed_at: 100%, panic_below: 50%');
  expect(Math.max(...overMs)).toBeLessThan(1000);
  const perEndpoint = (1000 / WORK_MS) * CAPACITY;
  const [one, two, three] = answeredPerSecond as [number, number, number];
  expect(one).toBeGreaterThan(0.25 * perEndpoint);
  expect(two).toBeGreaterThan(0.9 * 2 * perEndpoint);
  expect(three).toBeGreaterThan(0.99 * 0.9 * 3 * perEndpoint);
});

test('shedding alone holds it too, and uses all that has come back', () => {
  const { overMs, answeredPerSecond } = outage('ramp: 5s, shed_at: 100%');
  expect(Math.max(...overMs)).toBeLessThan(1000);
  expect(answeredPerSecond[0]).toBeGreaterThan(900);
});
