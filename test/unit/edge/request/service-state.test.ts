import { expect, test } from 'vitest';
import type { Service, Topology } from '../../../../src/config/topology.ts';
import { serviceState } from '../../../../src/edge/request/service-state.ts';
import { stageOf } from '../../../support/stage.ts';
import { threeClouds } from '../../../support/topology.ts';

const RETRIES = 'retries: { budget: 0, budget_floor: 1 }';

function state(topology: Topology, previous?: ReturnType<typeof serviceState>, nowMs = 0) {
  const { placement } = stageOf(topology);
  return serviceState(topology.services[0] as Service, topology, { placement, nowMs }, previous);
}

test('a new service starts with its budget full and the default weights', () => {
  const { budget, ask, view } = state(threeClouds({ service: RETRIES }));
  expect(budget.balance(0)).toBe(10);
  expect(ask).toMatchObject({ tried: [], mayProbe: true });
  expect(ask.weights).toBe(view.defaultWeights);
});

test('a reload keeps the budget as it stands, unless it says otherwise', () => {
  const before = state(threeClouds({ service: RETRIES }));
  for (let i = 0; i < 4; i += 1) before.budget.withdraw(0);
  const same = state(threeClouds({ service: `${RETRIES}\nrouting: { band: 0.2 }`, each: 2 }), before);
  expect(same.budget).toBe(before.budget);
  expect(same.budget.balance(0)).toBe(6);
  expect(same.view.rows).toHaveLength(6);
  for (const changed of ['retries: { budget: 10%, budget_floor: 1 }', 'retries: { budget: 0, budget_floor: 2 }']) {
    expect(state(threeClouds({ service: changed }), before).budget).not.toBe(before.budget);
  }
});
