import { expect, test } from 'vitest';
import { FenceMasks, fenceClasses } from '../../../src/routing/fence.ts';
import { NOBODY, select } from '../../../src/routing/select.ts';
import { STANDINGS, standingOf } from '../../../src/routing/standing.ts';
import { FENCE_CLASSES, NO_FENCE_CLASS } from '../../../src/table/assigned-cells.ts';
import { askOf, stageOf } from '../../support/stage.ts';
import { threeClouds } from '../../support/topology.ts';

const FENCES = `fence:
  - { only: { clouds: [aws, gcp] }, otherwise: 503 }
  - { only: { countries: [US, JP] } }`;

const masks = () => {
  const service = threeClouds({ service: FENCES }).services[0];
  if (service === undefined) throw new Error('no service');
  return new FenceMasks(service);
};

test('a mask lets pass what all the fences admit that hold the client', () => {
  const one = masks();
  expect(one.of(0)).toBeUndefined();
  expect([1, 2, 3].map((held) => [...(one.of(held)?.allowed ?? [])])).toEqual([
    [1, 1, 0],
    [1, 0, 1],
    [1, 0, 0],
  ]);
  expect(one.of(3)).toBe(one.of(3));
});

test('451 wins over 503, and the places are told', () => {
  const one = masks();
  expect([1, 2, 3].map((held) => one.of(held)?.status)).toEqual([503, 451, 451]);
  expect(one.of(1)?.places).toBe('aws/us-east-1/US gcp/europe-west1/BE');
  expect(one.of(3)?.admits({ cloud: 'aws', region: undefined, country: 'US' })).toBe(true);
  expect(one.of(3)?.admits({ cloud: undefined, region: undefined, country: 'US' })).toBe(false);
});

test('who is left out stands fenced, whatever else there is, and is never sent to', () => {
  const { view, live } = stageOf(threeClouds());
  const allowed = Uint8Array.of(0, 1, 0);
  const ask = askOf(view, [1, 200, 1], { allowed });
  expect(select(view, live, ask)).toBe(1);
  expect(STANDINGS[standingOf(view, 0, live, ask)]?.name).toBe('fenced');
  live.columns.drained[1] = 1;
  expect(select(view, live, ask)).toBe(NOBODY);
  live.columns.drained[1] = 0;
  live.columns.state[1] = 3;
  live.columns.checksGood[1] = 0;
  expect(select(view, live, ask)).toBe(1);
});

test('clients are told apart by which endpoints fences leave them, however many fences there are', () => {
  const { services } = threeClouds({
    service: `fence:
  - { when: { countries: [EU] }, only: { countries: [BE, US] } }
  - { when: { countries: [DE], cidrs: [192.0.2.0/24] }, only: { countries: [BE] } }
  - { when: { countries: [FR] }, only: { clouds: [aws, gcp] } }`,
  });
  const service = services[0] as (typeof services)[number];
  // France is held by two fences that leave the same.
  expect(fenceClasses(service).map((allowed) => [...allowed])).toEqual([
    [1, 1, 1],
    [1, 1, 0],
    [0, 1, 0],
  ]);
  const of = new FenceMasks(service);
  expect([1, 2, 3, 4, 5].map((held) => of.of(held)?.fenceClass)).toEqual([1, 2, 2, 1, 1]);
});

test('what there is no room for has no class', () => {
  const countries = ['DE', 'FR', 'IT', 'ES'];
  const only = ['{ clouds: [aws] }', '{ clouds: [gcp] }', '{ clouds: [azure] }', '{ clouds: [aws, gcp] }'];
  const fences = countries.map((country, i) => `  - { when: { countries: [${country}] }, only: ${only[i]} }`);
  const { services } = threeClouds({ service: ['fence:', ...fences].join('\n') });
  const service = services[0] as (typeof services)[number];
  expect(fenceClasses(service)).toHaveLength(FENCE_CLASSES);
  const of = new FenceMasks(service);
  const classes = [1, 2, 4, 8].map((held) => of.of(held)?.fenceClass);
  // In the order of the countries' codes: DE, ES, FR, IT.
  expect(classes).toEqual([1, 3, NO_FENCE_CLASS, 2]);
});
