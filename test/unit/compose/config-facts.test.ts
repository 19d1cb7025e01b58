import { expect, test } from 'vitest';
import { configFacts, hashOf } from '../../../src/compose/config-facts.ts';
import type { Event } from '../../../src/table/event.ts';
import { threeClouds } from '../../support/topology.ts';

const topology = threeClouds({ top: 'admin: { token: "0123456789abcdef0123456789abcdef" }' });

test('the hash is another one when a service is, and the same for other edges and other secrets', () => {
  const hash = hashOf(topology);
  expect(hash).toMatch(/^[0-9a-f]{12}$/);
  expect(hashOf({ ...topology, file: 'elsewhere', edge: { ...topology.edge, id: 'another' } })).toBe(hash);
  expect(hashOf({ ...topology, admin: { ...topology.admin, token: 'f'.repeat(32) } })).toBe(hash);
  expect(hashOf({ ...topology, services: [] })).not.toBe(hash);
  expect(hashOf({ ...topology, edge: { ...topology.edge, drainMs: 1 } })).not.toBe(hash);
});

test('the age begins anew with each reload', () => {
  const now = { ms: 5 };
  let tell: (event: Event) => void = () => {};
  const current = { topology, written: topology, pem: { listeners: {}, authorities: {} } };
  const control = { current, onEvent: (listener: typeof tell) => void (tell = listener), wallMs: () => now.ms };
  const facts = configFacts(control as never);
  expect([facts.sinceMs(), facts.certificates(), facts.hash()]).toEqual([5, [], hashOf(topology)]);
  now.ms = 9;
  tell({ type: 'reload-rejected', file: 'f', problems: [] });
  expect(facts.sinceMs()).toBe(5);
  tell({ type: 'reloaded', file: 'f', services: 1, endpoints: 1 });
  expect(facts.sinceMs()).toBe(9);
});
