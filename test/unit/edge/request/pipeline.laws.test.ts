import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Attempt, Exchange } from '../../../../src/edge/request/exchange.ts';
import { type Fault, isFault } from '../../../../src/resilience/fault.ts';
import { HEALTH_STATE } from '../../../../src/table/endpoint-table.ts';
import { begun, type Path, pathOf, refused, reset } from '../../../support/path.ts';
import { threeClouds } from '../../../support/topology.ts';

// What holds for every request, whatever happens to it.

const ATTEMPTS = 4;
const topology = threeClouds({ each: 2, service: `retries: { attempts: ${ATTEMPTS}, budget: 50%, budget_floor: 1 }` });

/** What an engine may tell the pipeline of the attempt that is under way. */
const happening = fc.oneof(
  fc.record({ type: fc.constant('fails' as const), fault: fc.constantFrom(refused, reset), replayable: fc.boolean() }),
  fc.record({ type: fc.constant('waits' as const), replayable: fc.boolean() }),
  fc.record({
    type: fc.constant('answers' as const),
    status: fc.constantFrom(200, 404, 500, 502, 503, 504),
    replayable: fc.boolean(),
    how: fc.constantFrom('complete' as const, 'broken' as const, 'client-gone' as const),
  }),
  fc.record({ type: fc.constant('leaves' as const) }),
);
/** Of several attempts that race, the one that it happens to: the latest, or the first. */
const which = fc.constantFrom('latest' as const, 'first' as const);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

const life = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH'),
  down: fc.subarray([0, 1, 2, 3, 4, 5]),
  happenings: fc.array(fc.tuple(happening, which), { maxLength: 8 }),
});

/** Sends one request through all that happens to it. What it sent when it was sent on, for each time that it was. */
function live(
  path: Path,
  { method, happenings }: { method: string; happenings: readonly (readonly [Happening, 'latest' | 'first'])[] },
) {
  const { exchange, attempt } = begun(path, { method });
  const sentOn: Fault['sent'][] = [];
  let current: Attempt | undefined = attempt;
  for (const [happens, of] of [...happenings, [{ type: 'leaves' as const }, 'latest'] as const]) {
    if (current === undefined) break;
    path.now.ms += 100;
    const to: Attempt = of === 'first' ? (exchange.suspects[0] ?? current) : current;
    // Whoever has lost patience does not lose it again.
    if (happens.type === 'waits' && exchange.suspects.includes(to)) continue;
    const next: Attempt | 'over' | undefined = step(path, exchange, to, happens);
    if (next === undefined && current.outcome !== undefined) {
      current = exchange.attempts.findLast(({ outcome }) => outcome === undefined);
    }
    if (next === 'over') current = undefined;
    else if (next !== undefined) {
      sentOn.push(happens.type === 'fails' ? happens.fault.sent : 'some');
      current = next;
    }
  }
  return { exchange, sentOn };
}

/** Tells the pipeline; the attempt that follows, undefined when the same goes on, or that the request is over. */
function step(path: Path, exchange: Exchange, current: Attempt, happens: Happening): Attempt | 'over' | undefined {
  const { pipeline } = path;
  switch (happens.type) {
    case 'fails': {
      const next = pipeline.failed(exchange, current, happens.fault, happens.replayable);
      if (!isFault(next)) return next;
      if (exchange.attempts.some(({ outcome }) => outcome === undefined)) return undefined;
      pipeline.gaveUp(exchange, next);
      return 'over';
    }
    case 'waits':
      return pipeline.patienceExpired(exchange, current, happens.replayable);
    case 'answers': {
      const next = pipeline.answered(exchange, current, happens.status, happens.replayable);
      if (next !== undefined) return next;
      pipeline.ended(exchange, current, happens.how);
      return 'over';
    }
    case 'leaves':
      pipeline.clientGone(exchange, current);
      return 'over';
    default:
      return happens satisfies never;
  }
}

test('every attempt is settled and counted, the request recorded once, and nothing is sent twice that may not be', () => {
  fc.assert(
    fc.property(fc.array(life, { minLength: 1, maxLength: 6 }), (lives) => {
      const path = pathOf(topology);
      const { block } = path.deps;
      let tries = 0;
      for (const [i, one] of lives.entries()) {
        for (const row of [0, 1, 2, 3, 4, 5]) {
          path.stage.table.live.state[row] = one.down.includes(row) ? HEALTH_STATE.unhealthy : HEALTH_STATE.healthy;
        }
        const { exchange, sentOn } = live(path, one);
        tries += exchange.attempts.length;
        expect(path.inFlight().every((count) => count === 0)).toBe(true);
        expect(path.log).toHaveLength(i + 1);
        expect(exchange.suspects).toEqual([]);
        expect(exchange.attempts.every(({ outcome }) => outcome !== undefined)).toBe(true);
        expect(exchange.attempts.length).toBeLessThanOrEqual(ATTEMPTS);
        expect(new Set(exchange.attempts.map(({ index }) => index)).size).toBe(exchange.attempts.length);
        expect(one.method === 'GET' || exchange.suspects.length === 0).toBe(true);
        if (one.method === 'POST' || one.method === 'PATCH') expect(sentOn).not.toContain('some');
      }
      const counted = block.outcomes.reduce((sum, count) => sum + count, 0);
      expect(counted).toBe(tries);
      const [good, bad] = [block.requestsSuccess, block.requestsError].map((of) => of.reduce((sum, n) => sum + n, 0));
      expect((good as number) + (bad as number) + path.service('client-gone')).toBe(lives.length);
      expect(path.service('retry')).toBe(tries - lives.length);
      expect(path.failovers).toHaveLength(tries - lives.length);
    }),
    { numRuns: 300 },
  );
});
