import { expect, test } from 'vitest';
import { problemsOf, SERVICES, topologyOf } from './parse-text.ts';

const withFence = (fence: string) => `version: 1\n${SERVICES}    fence: ${fence}\n`;

test('one fence and a list of fences read alike', () => {
  const one = topologyOf(withFence('{ only: { clouds: [aws] } }')).services[0]?.fences;
  const many = topologyOf(withFence('[{ only: { clouds: [aws] } }]')).services[0]?.fences;
  expect(one).toHaveLength(1);
  expect(many).toEqual(one);
});

test.each([
  ['{ only: { cloud: [aws] } }', 'fence.only.cloud: is no key of this block; did you mean "clouds"?'],
  ['[{ only: { clouds: [aws] }, otherwise: 404 }]', 'fence[0].otherwise: must be 451 or 503; it is the number 404'],
  ['{ when: { countries: [XX] }, only: { clouds: [aws] } }', 'fence.when.countries[0]: must be a country'],
  [
    '{ when: { cidrs: [10.0.0.0/33] }, only: { clouds: [aws] } }',
    'after the slash of 10.0.0.0 goes a number from 0 to 32',
  ],
  ['{ when: { countries: [DE] } }', 'fence.only: is missing'],
  ['[{ onlly: {} }]', 'fence[0].onlly: is no key of this block; did you mean "only"?'],
  ['7', 'fence: must be a mapping of settings'],
  ['[]', 'fence: is an empty list'],
])('%s', (fence, message) => {
  expect(problemsOf(withFence(fence)).join('\n')).toContain(message);
});
