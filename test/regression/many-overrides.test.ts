import { expect, test } from 'vitest';
import type { Endpoint } from '../../src/config/topology.ts';
import { CLOUDS } from '../../src/config/topology-cloud.ts';
import { OVERRIDE_PREFIX } from '../../src/fleet/override.ts';
import { writeEffects } from '../../src/fleet/override-effects.ts';
import { mergeOverrides } from '../../src/fleet/override-merge.ts';
import { Overrides } from '../../src/fleet/overrides.ts';
import { ScopedEndpoints } from '../../src/fleet/scoped-endpoints.ts';
import { EndpointTable } from '../../src/table/endpoint-table.ts';
import { workerBlockBytes } from '../../src/table/worker-block.ts';
import { FleetDouble } from '../support/fleet-double.ts';
import { threeClouds } from '../support/topology.ts';

/*
 * Every record that arrived wrote the whole table, and every endpoint was held against every override: 2,000 records for
 * 5,000 endpoints kept the control thread busy for 70 s, in which it checked no health and answered nobody.
 */
const ENDPOINTS = 5000;
const OVERRIDES = 2000;
/** It takes about 30 ms; a machine that runs tests may be slow. */
const LONGEST_MS = 1000;

test('2,000 overrides that arrive one by one are in force for 5,000 endpoints at once', async () => {
  const [service] = threeClouds().services;
  const endpoints = Array.from(
    { length: ENDPOINTS },
    (_, n) => ({ ...service?.endpoints[0], id: `shop/${n}`, cloud: CLOUDS[n % 3], region: `r${n % 50}` }) as Endpoint,
  );
  const limits = { rows: ENDPOINTS, services: 1, workers: 1 };
  const table = EndpointTable.create(0, limits, workerBlockBytes(limits));
  const placement = { rows: Object.fromEntries(endpoints.map(({ id }, row) => [id, row])), slots: {} };
  const index = new ScopedEndpoints({ ...threeClouds(), services: [{ ...service, endpoints } as never] });
  const double = new FleetDouble({ [OVERRIDE_PREFIX]: mergeOverrides });
  let tookMs = 0;
  const hearing = double.join('b', 'b');
  const overrides = new Overrides({
    fleet: {
      ...hearing,
      onChange: (listener) =>
        hearing.onChange((record) => {
          const startMs = performance.now();
          listener(record);
          tookMs += performance.now() - startMs;
        }),
    },
    wallMs: () => 0,
    emit: () => {},
    apply: (all, changed) => writeEffects({ placement, table, nowMs: 0 }, all, index.in(changed)),
  });
  const telling = new Overrides({ fleet: double.join('a', 'a'), wallMs: () => 0, emit: () => {}, apply: () => {} });
  const why = { forMs: 60_000, actor: 'ann', reason: 'why', force: false };
  for (let n = 0; n < OVERRIDES; n += 1) {
    const level = (n + 1) / (OVERRIDES + 1);
    await telling.set({ kind: 'weight', scope: { endpoint: `shop/${n * 2}` }, level, ...why });
  }
  const startMs = performance.now();
  expect(overrides.inForce).toHaveLength(OVERRIDES);
  for (let round = 0; round < 100; round += 1) overrides.expire();
  tookMs += performance.now() - startMs;
  expect([...table.live.weight].filter((weight) => weight < 1)).toHaveLength(OVERRIDES);
  expect(tookMs).toBeLessThan(LONGEST_MS);
});
