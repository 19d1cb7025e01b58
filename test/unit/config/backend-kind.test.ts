import { expect, test } from 'vitest';
import { BACKENDS_MAX, backendUses } from '../../../src/config/backend-kind.ts';

test.each([
  ['eu', [{ name: 'eu', weight: 1, tier: 1 }]],
  [
    ['eu', 'us'],
    [
      { name: 'eu', weight: 1, tier: 1 },
      { name: 'us', weight: 1, tier: 1 },
    ],
  ],
  [{ name: 'eu', tier: 2 }, [{ name: 'eu', weight: 1, tier: 2 }]],
  [
    ['eu', { name: 'us', weight: '5%', tier: 2 }],
    [
      { name: 'eu', weight: 1, tier: 1 },
      { name: 'us', weight: 0.05, tier: 2 },
    ],
  ],
])('%j is read', (given, uses) => {
  expect(backendUses.read(given)).toEqual({ ok: true, value: uses });
});

test.each<[unknown, string]>([
  [
    7,
    ' must be the name of a backend, or a list of names and of mappings such as { name: eu, weight: 50%, tier: 2 }; it is the number 7',
  ],
  ['no name', ' must be the name of a backend'],
  [[], ' is an empty list'],
  [Array(BACKENDS_MAX + 1).fill('x'), ` has ${BACKENDS_MAX + 1} backends; at most ${BACKENDS_MAX} fit`],
  [['eu', { tier: 2 }], '1.name is missing; it must be letters'],
  [[{ name: 'eu', weight: 2 }], '0.weight must be a share from 0 to 1, such as 0.2 or 20%; it is the number 2'],
  [[{ name: 'eu', tier: 9 }], '0.tier must be a whole number from 1 to 8; it is the number 9'],
  [[{ name: 'eu', tiers: 2 }], '0.tiers is no key of this block; did you mean "tier"?'],
])('%j is refused', (given, text) => {
  const read = backendUses.read(given);
  const faults = read.ok ? [] : read.faults.map(({ path, message }) => `${path.join('.')} ${message}`);
  expect(faults[0]).toContain(text);
});
