import { expect, test } from 'vitest';
import { chaosFaults, EXPERIMENTS_DEFINED_MAX, kindFaults } from '../../../src/config/rules-chaos.ts';
import { problemsWith } from './parse-text.ts';

test.each([
  [{ kind: 'latency' }, 'needs delay, since it is latency'],
  [{ kind: 'partial' }, 'needs keep, since it is partial'],
  [{ kind: 'failure', delay: '1s' }, 'is for latency only; this is failure'],
  [{ kind: 'partial', keep: 1, answer: 500 }, 'is for failure only; this is partial'],
  [{ kind: 'latency', delay: '1s', error_rate: 1 }, 'is for failure only; this is latency'],
])('%j: %s', (experiment, message) => {
  expect(kindFaults(experiment, []).map((fault) => fault.message)).toEqual([message]);
});

test.each([[{ kind: 'failure' }], [{ kind: 'failure', answer: 500, error_rate: 1 }], [{ kind: 'unknown' }], [{}]])(
  '%j: nothing to say',
  (experiment) => {
    expect(kindFaults(experiment, [])).toEqual([]);
  },
);

const scoped = (scope: string) => `chaos: { experiments: { x: { kind: failure, radius: 1%, scope: { ${scope} } } } }`;

test.each([
  ['service: wep', 'chaos.experiments.x.scope.service: is no service of this file; did you mean "web"?'],
  ['service: web, cloud: gcp', 'chaos.experiments.x.scope.cloud: no endpoint in this scope is there'],
  [
    'region: us-east1',
    'chaos.experiments.x.scope.region: no endpoint in this scope is there; did you mean "us-east-1"?',
  ],
])('a scope %s that nothing is in is refused', (scope, problem) => {
  expect(problemsWith(scoped(scope))).toEqual([expect.stringContaining(problem)]);
});

test('a file defines at most 64 experiments', () => {
  const experiments = Object.fromEntries(
    Array.from({ length: EXPERIMENTS_DEFINED_MAX + 1 }, (_, n) => [`x${n}`, { kind: 'failure', radius: 0 }]),
  );
  expect(chaosFaults({ chaos: { experiments } })).toEqual([
    { path: ['chaos', 'experiments'], message: 'has 65 experiments; at most 64 may be defined' },
  ]);
  expect(chaosFaults({ chaos: 'nonsense' })).toEqual([]);
});
