import { expect, test } from 'vitest';
import { regionFaults } from '../../../src/config/rules-edge.ts';

test.each([
  [{}],
  [{ edge: { region: 'aws/us-east-1' } }],
  [{ edge: { region: 'aws/mine', place: { lat: 1, lon: 2 } } }],
  [{ edge: { region: 'no cloud' } }],
])('%j stands somewhere', (root) => {
  expect(regionFaults(root)).toEqual([]);
});

test('a region that its cloud does not have needs a place', () => {
  expect(regionFaults({ edge: { region: 'gcp/eu-west-1' } })).toEqual([
    {
      path: ['edge', 'region'],
      message: expect.stringMatching(
        /^"eu-west-1" is no known region of gcp; eu-west-1 is a region of aws; did you mean .+\? For a region of your own add place/,
      ) as unknown,
    },
  ]);
});
