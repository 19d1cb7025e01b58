import { describe, expect, test } from 'vitest';
import { LOOK_AGAIN_MS, LOOK_MS } from '../../../../src/resilience/patience.ts';
import { HEALTH_STATE } from '../../../../src/table/endpoint-table.ts';
import { attemptOf, begun, outcomes, type Path, pathOf, requests, reset } from '../../../support/path.ts';
import { threeClouds } from '../../../support/topology.ts';

// What a request waits for, and attempts that race.

const [AWS, GCP] = [0, 1];

describe('an answer that does not come', () => {
  const slow = (path: Path, method = 'GET') => {
    const { exchange, attempt } = begun(path, { method });
    path.now.ms += attempt.patienceMs;
    return { exchange, attempt, next: path.pipeline.patienceExpired(exchange, attempt, true) };
  };

  test.each(['PUT', 'DELETE', 'POST'])(
    'is waited for by a %s: it is never under way at two endpoints at once',
    (method) => {
      const path = pathOf();
      expect(slow(path, method).next).toBeUndefined();
      expect(path.inFlight()).toEqual([1, 0, 0]);
    },
  );

  test('is looked for elsewhere with any method that the file names', () => {
    const path = pathOf(threeClouds({ service: 'timeouts: { patience_methods: [PUT] }' }));
    expect(slow(path, 'PUT').next).toBeDefined();
    expect(slow(path, 'GET').next).toBeUndefined();
  });

  test('may come from the one that waited: it wins, and the other is dropped without blame', () => {
    const path = pathOf();
    const { exchange, attempt, next } = slow(path);
    path.now.ms += 200;
    expect(path.pipeline.answered(exchange, attempt, 200, true)).toBeUndefined();
    expect(attemptOf(next).outcome).toBe('abandoned');
    expect(path.inFlight()).toEqual([1, 0, 0]);
    path.pipeline.ended(exchange, attempt, 'complete');
    expect([outcomes(path, AWS), outcomes(path, GCP)]).toEqual([{ success: 1 }, { abandoned: 1 }]);
    expect(path.deps.block.requestsSuccess[AWS]).toBe(1);
    expect(path.inFlight()).toEqual([0, 0, 0]);
  });

  test('does not come from the one that waited, which fails: the other is still under way, and there is no third', () => {
    const path = pathOf();
    const { exchange, attempt, next } = slow(path);
    expect(path.pipeline.failed(exchange, attempt, reset, true)).toBe(reset);
    expect([exchange.attempts.length, exchange.suspects.length]).toEqual([2, 0]);
    path.pipeline.answered(exchange, attemptOf(next), 200, true);
    path.pipeline.ended(exchange, attemptOf(next), 'complete');
    expect([outcomes(path, AWS), outcomes(path, GCP)]).toEqual([{ reset: 1 }, { success: 1 }]);
  });

  test('does not come from the other, which fails: a third is tried while the first races on', () => {
    const path = pathOf();
    const { exchange, attempt, next } = slow(path);
    const third = attemptOf(path.pipeline.failed(exchange, attemptOf(next), reset, true));
    expect(path.inFlight()).toEqual([1, 0, 1]);
    path.pipeline.failed(exchange, third, reset, true);
    path.pipeline.answered(exchange, attempt, 200, true);
    path.pipeline.ended(exchange, attempt, 'complete');
    expect(requests(path)).toEqual({ success: 1, error: 0 });
    expect(path.inFlight()).toEqual([0, 0, 0]);
  });

  test('is looked for elsewhere; the one that waited is still in flight and not yet judged', () => {
    const path = pathOf();
    const { exchange, attempt, next } = slow(path);
    expect(attemptOf(next).endpoint.cloud).toBe('gcp');
    expect(path.failovers).toEqual(['aws > gcp: outpaced']);
    expect(exchange.suspects).toEqual([attempt]);
    expect(path.inFlight()).toEqual([1, 1, 0]);
  });

  test('was the endpoint’s fault when its successor answers in time', () => {
    const path = pathOf();
    const { exchange, next } = slow(path);
    path.now.ms += 30;
    path.pipeline.answered(exchange, attemptOf(next), 200, true);
    expect(outcomes(path, AWS)).toEqual({ outpaced: 1 });
    expect(path.inFlight()).toEqual([0, 1, 0]);
    expect(path.stage.live.endpointCells.read(AWS)).toEqual({ state: 'closed', failures: 1 });
  });

  test('was nobody’s fault when its successor is as slow', () => {
    const path = pathOf();
    const { exchange, next } = slow(path);
    path.now.ms += attemptOf(next).patienceMs + 1;
    path.pipeline.answered(exchange, attemptOf(next), 200, true);
    expect(outcomes(path, AWS)).toEqual({ abandoned: 1 });
    expect(path.stage.live.endpointCells.read(AWS)).toEqual({ state: 'closed', failures: 0 });
  });

  test('may have been the request’s fault, which may not be sent twice: it waits on', () => {
    const path = pathOf();
    const { next } = slow(path, 'POST');
    expect(next).toBeUndefined();
    expect(path.inFlight()).toEqual([1, 0, 0]);
  });

  test('is no reason to try an endpoint that is down', () => {
    const path = pathOf();
    path.stage.table.live.state.fill(HEALTH_STATE.unhealthy, GCP, 3);
    expect(slow(path).next).toBeUndefined();
  });
});

describe('the time of an endpoint', () => {
  test('counts from the last byte of the request, however slow the client is', () => {
    const path = pathOf();
    const { exchange, attempt } = begun(path, { method: 'POST' });
    path.pipeline.uploading(attempt);
    path.now.ms += 8000;
    path.pipeline.sent(attempt, 0);
    path.now.ms += 30;
    path.pipeline.answered(exchange, attempt, 200, true);
    expect([attempt.firstByteMs, path.deps.block.firstByteSumMs[AWS]]).toEqual([30, 30]);
  });

  test('has what an experiment held it back for in it', () => {
    const path = pathOf();
    const { exchange, attempt } = begun(path);
    path.now.ms += 500;
    path.pipeline.sent(attempt, 500);
    path.now.ms += 30;
    path.pipeline.answered(exchange, attempt, 200, true);
    expect(attempt.firstByteMs).toBe(530);
  });

  test('is not known of an answer to half a request', () => {
    const path = pathOf();
    const { exchange, attempt } = begun(path, { method: 'POST' });
    path.pipeline.uploading(attempt);
    path.now.ms += 8000;
    path.pipeline.answered(exchange, attempt, 413, true);
    expect(path.deps.block.firstByteCount[AWS]).toBe(0);
  });
});

describe('an endpoint that falls silent while requests wait for it', () => {
  const silent = (path: Path, method = 'GET') => {
    const { exchange, attempt } = begun(path, { method });
    path.now.ms += attempt.lookMs;
    path.stage.table.live.silent[AWS] = 1;
    const fell = path.pipeline.fellSilent(attempt);
    return { exchange, attempt, fell, next: path.pipeline.patienceExpired(exchange, attempt, true) };
  };

  test('is looked at half way, and again, and nothing comes of that as long as it answers anybody', () => {
    const path = pathOf();
    const { attempt } = begun(path);
    expect([attempt.lookMs, path.pipeline.fellSilent(attempt), attempt.fellSilent]).toEqual([LOOK_MS, false, false]);
    expect(attempt.lookMs).toBe(LOOK_MS + LOOK_AGAIN_MS);
  });

  test('is moved on from, once, and not blamed for what may be a pause', () => {
    const path = pathOf();
    const { exchange, attempt, fell, next } = silent(path);
    expect([fell, attemptOf(next).endpoint.cloud, path.failovers]).toEqual([true, 'gcp', ['aws > gcp: silent']]);
    path.now.ms += 30;
    path.pipeline.answered(exchange, attemptOf(next), 200, true);
    expect([attempt.outcome, outcomes(path, AWS), path.inFlight()]).toEqual(['abandoned', { abandoned: 1 }, [0, 1, 0]]);
    expect(path.stage.live.endpointCells.read(AWS)).toEqual({ state: 'closed', failures: 0 });
  });

  test('is to blame when it has been waited for as long as patience would have been', () => {
    const path = pathOf();
    const { exchange, attempt, next } = silent(path);
    path.now.ms += attempt.patienceMs - LOOK_MS;
    expect(path.pipeline.patienceExpired(exchange, attempt, true)).toBeUndefined();
    path.now.ms += 1;
    path.pipeline.answered(exchange, attemptOf(next), 200, true);
    expect([outcomes(path, AWS), path.inFlight()]).toEqual([{ outpaced: 1 }, [0, 1, 0]]);
  });

  test('may still answer, and its successor is dropped; or fail, and there is no third', () => {
    for (const status of [200, undefined]) {
      const path = pathOf();
      const { exchange, attempt, next } = silent(path);
      if (status === undefined) expect(path.pipeline.failed(exchange, attempt, reset, true)).toBe(reset);
      else expect(path.pipeline.answered(exchange, attempt, status, true)).toBeUndefined();
      expect(attemptOf(next).outcome).toBe(status === undefined ? undefined : 'abandoned');
      expect(exchange.attempts).toHaveLength(2);
    }
  });

  test('is waited for by a POST, and by whoever says that requests are slow by nature', () => {
    expect(silent(pathOf(), 'POST').next).toBeUndefined();
    const patient = pathOf(threeClouds({ service: 'timeouts: { patience: off }' }));
    expect(begun(patient).attempt.lookMs).toBe(Number.POSITIVE_INFINITY);
  });

  test('is none of those that hedge for their first attempts: they have gone elsewhere by then', () => {
    const path = pathOf(threeClouds({ service: 'hedge: { after: 50ms }' }));
    const { attempt } = begun(path);
    expect([attempt.hedgeMs, attempt.lookMs]).toEqual([50, Number.POSITIVE_INFINITY]);
  });
});
