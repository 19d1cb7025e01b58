import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ENDPOINTS_MAX, ruleFaults, SERVICES_MAX } from '../../../src/config/rules.ts';

const services = (count: number, endpointsEach: number) => ({
  services: Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `s${index}`,
      { match: { prefix: `/${index}` }, endpoints: Array.from({ length: endpointsEach }, () => ({})) },
    ]),
  ),
});
const messages = (file: unknown) =>
  ruleFaults(file, 'test.yaml').map(({ path, message }) => `${path.join('.')} ${message}`);

test('there is at least one service and at most 256', () => {
  expect(messages({ services: {} })).toEqual(['services has no service; add at least one, with its endpoints']);
  expect(messages(services(SERVICES_MAX, 1))).toEqual([]);
  expect(messages(services(SERVICES_MAX + 1, 1))).toEqual([
    'services has 257 services; at most 256 fit, so run several edges',
  ]);
});

test('there are at most 10,000 endpoints in all', () => {
  expect(messages(services(10, ENDPOINTS_MAX / 10))).toEqual([]);
  expect(messages(services(10, ENDPOINTS_MAX / 10 + 1))).toEqual([
    'services has 10010 endpoints in all; at most 10000 fit, so run several edges',
  ]);
});

test('whatever a file holds, the rules pass over what has not their shape', () => {
  const word = fc.constantFrom(
    'services',
    'edge',
    'routing',
    'health',
    'endpoints',
    'match',
    'region',
    'priorities',
    'hosts',
  );
  const anything = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'medium' },
      fc.constantFrom<unknown>(null, 5, 'x', true, 'aws/x', '10s'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(word, tie('value'), { maxKeys: 4 }),
    ),
  })).value;
  fc.assert(
    fc.property(anything, (value) => Array.isArray(ruleFaults(value, 'test.yaml'))),
    { numRuns: 500 },
  );
});
