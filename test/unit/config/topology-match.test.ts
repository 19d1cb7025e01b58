import { expect, test } from 'vitest';
import { flagsOfRules } from '../../../src/config/topology-match.ts';
import { topologyOf } from '../../support/topology.ts';

test('flags are named once for each rule that asks for them, as keys', () => {
  const { services } = topologyOf(`version: 1
services:
  shop:
    match: [{ flag: beta-on, hosts: [a.example] }, { flag: flags/beta-on, hosts: [b.example] }, { hosts: [c.example] }]
    redirect: { path: { set: /x } }
  blog: { match: { flag: other/on }, redirect: { path: { set: /x } } }
`);
  expect(flagsOfRules(services)).toEqual(['flags/beta-on', 'flags/beta-on', 'other/on']);
  expect(flagsOfRules([])).toEqual([]);
});
