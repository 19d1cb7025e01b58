import { expect, test } from 'vitest';
import type { Service } from '../../../../src/config/topology.ts';
import { Ladders } from '../../../../src/edge/ladder/ladders.ts';
import { threeClouds } from '../../../support/topology.ts';
import { copyWith, headersOf } from '../../degraded/copies.ts';

const WITH = threeClouds({ service: 'degraded: {}' });
const OTHER = threeClouds({ service: 'degraded: { primary_timeout: 7ms }' });
const WITHOUT = threeClouds();
const serviceOf = (topology: typeof WITH) => topology.services[0] as Service;
const ladders = (topology: typeof WITH) =>
  new Ladders({ threads: 1, wallMs: () => 0, storeFailed: () => {} }, topology);
const URL_A = 'http://x/a';

test('a service has a ladder if it asks for one', () => {
  expect(ladders(WITH).of(serviceOf(WITH))?.policy.primaryMs).toBe(100);
  expect(ladders(WITHOUT).of(serviceOf(WITHOUT))).toBeUndefined();
});

test('a reload keeps what did not change, changes what did, and drops what is gone', () => {
  const all = ladders(WITH);
  const before = all.of(serviceOf(WITH));
  before?.keep(URL_A, copyWith());
  all.keepOnly(WITH);
  expect(all.of(serviceOf(WITH))).toBe(before);
  all.keepOnly(OTHER);
  const after = all.of(serviceOf(OTHER));
  expect([after?.policy.primaryMs, after?.find(URL_A, headersOf())?.status]).toEqual([7, 200]);
  all.keepOnly(WITHOUT);
  expect(all.of(serviceOf(OTHER))).toBeUndefined();
});

test('a purge is for one service', async () => {
  const all = ladders(WITH);
  const ladder = all.of(serviceOf(WITH));
  ladder?.keep(URL_A, copyWith());
  expect(await all.purge({ service: 'constructor', prefix: '' })).toBeUndefined();
  await all.purge({ service: 'shop', url: 'http://x/b' });
  expect(ladder?.find(URL_A, headersOf())).toBeDefined();
  expect(await all.purge({ service: 'shop', prefix: 'http://x/' })).toBeUndefined();
  expect(ladder?.find(URL_A, headersOf())).toBeUndefined();
  await all.close();
  expect(all.of(serviceOf(WITH))).toBeUndefined();
});
