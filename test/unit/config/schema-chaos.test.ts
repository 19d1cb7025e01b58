import { expect, test } from 'vitest';
import { problemsWith } from './parse-text.ts';

const within = (experiment: string) => `chaos: { experiments: { x: { ${experiment} } } }`;

test.each([
  ['chaos: { enabled: true }'],
  ['chaos: { guard: { burn_rate: 1, window: 1s, errors: 1, health: 0 } }'],
  [within('kind: latency, delay: 1ms, radius: 0')],
  [within('kind: latency, delay: 1m, radius: 100%, for: 24h, autostart: true, health_checks: true')],
  [within('kind: failure, radius: 0.5, answer: reset, error_rate: 10%')],
  [within('kind: failure, radius: 1, answer: 599')],
  [
    within(
      'kind: partial, radius: 1%, keep: 50%, scope: { service: web, cloud: aws, region: us-east-1, priority: latency }',
    ),
  ],
])('%s is right', (line) => {
  expect(problemsWith(line)).toEqual([]);
});

test.each([
  [
    within('kind: explode, radius: 1%'),
    '2:36 chaos.experiments.x.kind: must be latency, failure or partial; it is "explode"',
  ],
  [within('kind: slow, delay: 1s, radius: 1%'), 'did you mean "latency"?'],
  [within('radius: 1%'), 'chaos.experiments.x.kind: is missing'],
  [within('kind: failure'), 'chaos.experiments.x.radius: is missing; it must be a share'],
  [
    within('kind: failure, radius: 101%'),
    'chaos.experiments.x.radius: must be a share from 0 to 1, such as 0.2 or 20%; it is "101%"',
  ],
  [within('kind: failure, radius: -1%'), 'chaos.experiments.x.radius: must be a share'],
  [within('kind: failure, radius: 5'), 'it is the number 5; did you mean 5%?'],
  [
    within('kind: failure, radius: 1%, answer: 200'),
    'chaos.experiments.x.answer: must be reset or refused, or a whole number from 400 to 599',
  ],
  [within('kind: latency, delay: 2m, radius: 1%'), 'chaos.experiments.x.delay: must be from 1ms to 1m; it is 2m'],
  [within('kind: failure, radius: 1%, for: 25h'), 'chaos.experiments.x.for: must be from 1s to 24h'],
  [within('kind: failure, radius: 1%, scope: { zone: a }'), 'chaos.experiments.x.scope.zone: is no key of this block'],
  [
    'chaos: { experiments: { "Slow GCP": { kind: failure, radius: 1% } } }',
    'is no name: it must be lower-case letters',
  ],
  ['chaos: { guard: { burn_rate: 0 } }', 'chaos.guard.burn_rate: must be a number from 1 to 10000'],
  ['chaos: { guard: { window: 0s } }', 'chaos.guard.window: must be from 1s to 5m'],
])('%s is refused where it is wrong', (line, problem) => {
  expect(problemsWith(line)).toEqual([expect.stringContaining(problem)]);
});
