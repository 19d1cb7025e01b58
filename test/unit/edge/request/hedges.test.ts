import { describe, expect, test } from 'vitest';
import type { Attempt } from '../../../../src/edge/request/exchange.ts';
import { Hedges } from '../../../../src/edge/request/hedges.ts';
import { type Fault, isFault } from '../../../../src/resilience/fault.ts';
import { HEALTH_STATE } from '../../../../src/table/endpoint-table.ts';
import { OUTCOMES, type Outcome } from '../../../../src/table/worker-block.ts';
import { begun, type Path, pathOf } from '../../../support/path.ts';
import { threeClouds } from '../../../support/topology.ts';

const [AWS, GCP] = [0, 1];

function attemptOf(next: Attempt | Fault | undefined): Attempt {
  if (next === undefined || isFault(next)) throw new Error(`no attempt: ${JSON.stringify(next)}`);
  return next;
}

/** Outcomes counted for a row, as `{ success: 1 }`. */
function outcomes(path: Path, row: number): Partial<Record<Outcome, number>> {
  const first = row * OUTCOMES.length;
  const counted = OUTCOMES.map((outcome, i) => [outcome, path.deps.block.outcomes[first + i] as number] as const);
  return Object.fromEntries(counted.filter(([, count]) => count > 0));
}

test('after a fixed time, for the methods that are named', () => {
  const hedges = new Hedges({ after: 50, methods: ['GET'] }, 2);
  hedges.saw(1, 5);
  expect([hedges.afterMs('GET', 0), hedges.afterMs('POST', 0)]).toEqual([50, Number.POSITIVE_INFINITY]);
});

test('after what is usual for each endpoint by itself', () => {
  const hedges = new Hedges({ after: { quantile: 0.9 }, methods: ['GET'] }, 3);
  for (let i = 0; i < 100; i += 1) {
    hedges.saw(0, 5);
    hedges.saw(1, 200);
  }
  expect(hedges.afterMs('GET', 0)).toBeLessThan(7);
  expect(hedges.afterMs('GET', 1)).toBeGreaterThan(200);
  expect(hedges.afterMs('GET', 2)).toBe(Number.POSITIVE_INFINITY);
});

describe('a hedge', () => {
  const hedged = () => pathOf(threeClouds({ service: 'hedge: { after: 50ms }\ntimeouts: { patience: 1s }' }));

  test('is a second attempt that blames nobody, whoever wins', () => {
    for (const winner of ['first', 'second']) {
      const path = hedged();
      const { exchange, attempt } = begun(path);
      expect(attempt.hedgeMs).toBe(50);
      path.now.ms += 50;
      const beside = attemptOf(path.pipeline.patienceExpired(exchange, attempt, true));
      expect([beside.endpoint.cloud, beside.hedgeMs]).toEqual(['gcp', Number.POSITIVE_INFINITY]);
      expect(path.failovers).toEqual([]);
      expect([path.service('hedge'), path.service('retry')]).toEqual([1, 1]);
      path.now.ms += 20;
      const won = winner === 'first' ? attempt : beside;
      expect(path.pipeline.answered(exchange, won, 200, true)).toBeUndefined();
      path.pipeline.ended(exchange, won, 'complete');
      expect(outcomes(path, won === attempt ? AWS : GCP)).toEqual({ success: 1 });
      expect(outcomes(path, won === attempt ? GCP : AWS)).toEqual({ abandoned: 1 });
      expect(path.inFlight()).toEqual([0, 0, 0]);
    }
  });

  test('takes nothing of the blame for one that is silent for longer than its patience', () => {
    const path = hedged();
    const { exchange, attempt } = begun(path);
    path.now.ms += 50;
    const beside = attemptOf(path.pipeline.patienceExpired(exchange, attempt, true));
    path.now.ms += 960;
    path.pipeline.answered(exchange, beside, 200, true);
    expect(outcomes(path, AWS)).toEqual({ outpaced: 1 });
  });

  test('comes once: what is still silent then is waited for as ever', () => {
    const path = hedged();
    const { exchange, attempt } = begun(path);
    path.pipeline.patienceExpired(exchange, attempt, true);
    path.now.ms += 1000;
    expect(attemptOf(path.pipeline.patienceExpired(exchange, attempt, true)).endpoint.cloud).toBe('azure');
    expect(exchange.suspects).toEqual([attempt]);
    expect(path.service('hedge')).toBe(1);
  });

  test('is not for other methods, nor where nobody else is well', () => {
    const path = hedged();
    expect(begun(path, { method: 'POST' }).attempt.hedgeMs).toBe(Number.POSITIVE_INFINITY);
    path.stage.table.live.state.fill(HEALTH_STATE.unhealthy, GCP, 3);
    const { exchange, attempt } = begun(path);
    expect(path.pipeline.patienceExpired(exchange, attempt, true)).toBeUndefined();
  });
});
