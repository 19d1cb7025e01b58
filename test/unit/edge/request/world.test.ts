import { expect, test } from 'vitest';
import { worldOf } from '../../../../src/edge/request/world.ts';
import { NO_PLACEMENT, NOT_BUSY, place } from '../../../../src/table/placement.ts';
import { topologyOf } from '../../../support/topology.ts';

const LIMITS = { rows: 9, services: 4, workers: 1 };

function world(hosts: Readonly<Record<string, string>>, previous?: ReturnType<typeof worldOf>) {
  const services = Object.entries(hosts).flatMap(([name, host]) => [
    `  ${name}:`,
    `    match: { hosts: [${host}] }`,
    '    endpoints: [{ cloud: aws, region: us-east-1, url: "http://10.0.0.1:8080" }]',
  ]);
  const edge = 'edge: { id: iad-1, region: aws/us-east-1, trust_proxies: [10.0.0.0/8] }';
  const topology = topologyOf(['version: 1', edge, 'services:', ...services].join('\n'));
  const { placement } = place(topology, NO_PLACEMENT, NOT_BUSY, LIMITS);
  return worldOf(topology, { placement, nowMs: 0 }, previous);
}

test('it finds services, knows whom to trust, and its own name', () => {
  const { services, states, trust, pseudonym } = world({ shop: 'a.com', blog: 'b.com' });
  expect(services.find('b.com', '/')).toBe(states.get('blog'));
  expect(services.find('c.com', '/')).toBeUndefined();
  expect([trust('10.1.1.1'), trust('11.1.1.1')]).toEqual([true, false]);
  expect(pseudonym).toBe('meridian-iad-1');
});

test('a reload keeps each service’s budget by its name', () => {
  const before = world({ shop: 'a.com', blog: 'b.com' });
  const after = world({ blog: 'a.com', news: 'b.com' }, before);
  expect(after.states.get('blog')?.budget).toBe(before.states.get('blog')?.budget);
  expect(after.states.get('news')?.budget).not.toBe(before.states.get('blog')?.budget);
  expect(after.states.has('shop')).toBe(false);
});
