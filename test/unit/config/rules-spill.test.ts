import { expect, test } from 'vitest';
import { spillFaults } from '../../../src/config/rules-spill.ts';

const faults = (root: object) =>
  spillFaults(root as Record<string, unknown>).map(({ path, message }) => `${path.join('.')} ${message}`);

test.each([
  [{}],
  [{ routing: { spill_at: '85%', shed_at: '100%', overflow_max: '50%' } }],
  [{ routing: { spill_at: 'off', shed_at: 0.5 } }],
  [{ routing: { spill_at: 0.9 }, services: { s: { routing: { shed_at: 1 } } } }],
  [{ routing: { shed_at: 1 }, services: { s: { endpoints: [{ overflow_max: 0.5 }, { overflow_max: 'off' }, {}] } } }],
])('%j is good', (root) => {
  expect(faults(root)).toEqual([]);
});

test.each([
  [
    { routing: { spill_at: 1, shed_at: '100%' } },
    'routing.spill_at makes spill_at (100%) no lower than shed_at (100%); an endpoint must spill',
  ],
  [
    { routing: { spill_at: 0.9 }, services: { s: { routing: { shed_at: 0.5 } } } },
    'services.s.routing.shed_at makes spill_at (90%) no lower',
  ],
  [
    { routing: { overflow_max: 1.5, shed_at: 1 } },
    'routing.overflow_max makes overflow_max (150%) higher than shed_at (100%)',
  ],
  [
    { routing: { shed_at: 1 }, services: { s: { endpoints: [{}, { overflow_max: 2 }] } } },
    'services.s.endpoints.1.overflow_max makes overflow_max (200%) higher',
  ],
])('%j', (root, message) => {
  expect(faults(root)).toEqual([expect.stringContaining(message)]);
});
