import { describe, expect, test } from 'vitest';
import type { OverrideKind, OverrideScope } from '../../../src/config/override-scope.ts';
import type { InForce } from '../../../src/fleet/override.ts';
import { effectOn, writeEffects } from '../../../src/fleet/override-effects.ts';
import { ScopedOverrides } from '../../../src/fleet/scoped-overrides.ts';
import { CAPACITY_AS_CONFIGURED, NOT_RAMPING } from '../../../src/table/endpoint-table.ts';
import { stageOf } from '../../support/stage.ts';
import { threeClouds } from '../../support/topology.ts';

const ENDPOINT = { id: 'shop/gcp/europe-west1/h:1', service: 'shop', cloud: 'gcp', region: 'europe-west1' } as const;

function inForce(kind: OverrideKind, scope: OverrideScope, level = 0): InForce {
  return { kind, scope, level, untilMs: null, setAtMs: 0, actor: 'a', reason: '', edge: 'e' };
}

describe('what several decisions come to', () => {
  test('nothing is said: it serves, as the file has it', () => {
    expect(effectOn(ENDPOINT, new ScopedOverrides([inForce('drain', { cloud: 'aws' })]))).toEqual({
      drained: false,
      weight: 1,
      capacity: undefined,
    });
  });

  test('the safest of each kind, whichever scope it is for', () => {
    const all = [
      inForce('weight', { cloud: 'gcp' }, 0.5),
      inForce('weight', { endpoint: ENDPOINT.id }, 0.75),
      inForce('capacity', { cloud: 'gcp', region: 'europe-west1' }, 300),
      inForce('capacity', { cloud: 'gcp', service: 'shop' }, 200),
    ];
    expect(effectOn(ENDPOINT, new ScopedOverrides(all))).toEqual({ drained: false, weight: 0.5, capacity: 200 });
    expect(effectOn(ENDPOINT, new ScopedOverrides([...all, inForce('drain', { cloud: 'gcp' })])).drained).toBe(true);
  });
});

describe('the table', () => {
  const stage = () => {
    const made = stageOf(threeClouds());
    const endpoints = made.topology.services.flatMap((service) => service.endpoints);
    const write = (all: readonly InForce[], nowMs = 5000) =>
      writeEffects({ ...made, nowMs }, new ScopedOverrides(all), endpoints);
    return { live: made.table.live, write };
  };

  test('has what is in force for each endpoint, and what the file has when it is over', () => {
    const { live, write } = stage();
    write([
      inForce('drain', { cloud: 'aws' }),
      inForce('weight', { cloud: 'gcp' }, 0.1),
      inForce('capacity', { cloud: 'azure' }, 7),
    ]);
    expect([...live.drained.subarray(0, 3)]).toEqual([1, 0, 0]);
    expect([...live.weight.subarray(0, 3)]).toEqual([1, 0.1, 1]);
    expect([...live.capacity.subarray(0, 3)]).toEqual([0, 0, 7]);
    write([]);
    expect([...live.drained.subarray(0, 3)]).toEqual([0, 0, 0]);
    expect([...live.weight.subarray(0, 3)]).toEqual([1, 1, 1]);
    expect([...live.capacity.subarray(0, 3)]).toEqual(Array.from({ length: 3 }, () => CAPACITY_AS_CONFIGURED));
  });

  test('puts an endpoint that is drained no more on the ramp, and no other', () => {
    const { live, write } = stage();
    write([inForce('drain', { cloud: 'aws' }), inForce('weight', { cloud: 'gcp' }, 0.1)]);
    write([inForce('drain', { cloud: 'aws' })], 6000);
    expect([...live.rampFromMs.subarray(0, 3)]).toEqual([NOT_RAMPING, NOT_RAMPING, NOT_RAMPING]);
    write([], 7000);
    expect([...live.rampFromMs.subarray(0, 3)]).toEqual([7000, NOT_RAMPING, NOT_RAMPING]);
  });
});
