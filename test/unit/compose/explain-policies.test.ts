import { expect, test } from 'vitest';
import { policiesOf } from '../../../src/compose/explain-policies.ts';
import { stageOf } from '../../support/stage.ts';
import { threeClouds } from '../../support/topology.ts';

function asked(service: string, allowed?: Uint8Array) {
  const stage = stageOf(threeClouds({ service }));
  const { view, table } = stage;
  for (const [i, row] of view.rows.entries()) table.live.inFlight[row] = [1, 0, 0][i]! * (view.capacities[i] as number);
  return policiesOf(stage.topology.services[0]!, {
    view,
    columns: table.live,
    nowMs: 0,
    address: '192.0.2.1',
    allowed,
  });
}

test('a service without policies has none, and what is off is none', () => {
  expect(asked('retries: { attempts: 2 }')).toEqual({});
  expect(asked('routing: { spill_at: off, panic_below: 0% }')).toEqual({});
});

test('the load of a service that sheds is that of the endpoints that may serve the client', () => {
  const service = 'shed: { order: [balanced, latency] }';
  const stage = stageOf(threeClouds({ service }));
  const all = stage.view.capacities.reduce((sum, one) => sum + one, 0);
  expect(asked(service).shed).toMatchObject({
    order: ['balanced', 'latency'],
    from: 1,
    load: (stage.view.capacities[0] as number) / all,
  });
  expect(asked(service, Uint8Array.of(1, 0, 0)).shed?.load).toBe(1);
});

test('all others as the file has them', () => {
  const service = `routing: { spill_at: 85%, shed_at: 150%, panic_below: 50% }
hedge: { after: p95 }
sticky: { by: client, on_failure: fail }
timeouts: { request: 5s }`;
  expect(asked(service)).toEqual({
    levels: { spillAt: 0.85, shedAt: 1.5, panicBelow: 0.5 },
    hedge: { after: { quantile: 0.95 }, methods: ['GET', 'HEAD'] },
    sticky: { by: 'client', onFailure: 'fail' },
    deadline: { ms: 5000, header: undefined },
  });
});
