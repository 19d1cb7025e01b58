import { expect, test } from 'vitest';
import { shedFaults } from '../../../src/config/rules-shed.ts';

const priorities = { batch: {} };
test.each([
  [
    { services: { shop: { shed: { order: ['batch', 'latency'] } } } },
    /names no priority: "batch"; there are latency, rel/,
  ],
  [{ services: { shop: { shed: { order: ['latensy'] } } } }, /did you mean "latency"/],
  [{ routing: { priorities }, services: { shop: { shed: { order: ['batch', 'balanced'] } } } }, undefined],
  [{ services: { shop: { routing: { priorities }, shed: { order: ['batch'] } }, blog: {} } }, undefined],
])('%j', (root, message) => {
  const faults = shedFaults(root);
  expect(faults).toHaveLength(message === undefined ? 0 : 1);
  if (message !== undefined) expect(faults[0]?.message).toMatch(message);
});
