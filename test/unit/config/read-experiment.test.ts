import { expect, test } from 'vitest';
import { readStartOrder, readStopOrder } from '../../../src/config/read-experiment.ts';

test('an experiment of the file is started by name, for a time of its own if it is given', () => {
  expect(readStartOrder({ name: 'slow-gcp' })).toEqual({ name: 'slow-gcp', forMs: undefined, fleet: false });
  expect(readStartOrder({ name: 'slow-gcp', for: '30s' })).toEqual({ name: 'slow-gcp', forMs: 30_000, fleet: false });
});

test('it may be for the whole fleet', () => {
  expect(readStartOrder({ name: 'slow-gcp', fleet: true })).toEqual({
    name: 'slow-gcp',
    forMs: undefined,
    fleet: true,
  });
});

test('a whole experiment is read with the keys of the file', () => {
  const body = { name: 'x', kind: 'failure', answer: 500, radius: '5%', for: '1m', scope: { cloud: 'gcp' } };
  expect(readStartOrder(body)).toMatchObject({
    name: 'x',
    forMs: 60_000,
    experiment: {
      name: 'x',
      radius: 0.05,
      fault: { kind: 'failure', answer: 500, errorRate: 1 },
      scope: { cloud: 'gcp' },
    },
  });
});

test.each<[unknown, string]>([
  [{}, 'name is missing'],
  ['x', 'must be a mapping'],
  [[], 'must be a mapping'],
  [{ name: 'x', kind: 'explode', radius: '1%' }, 'kind must be latency, failure or partial'],
  [{ name: 'x', kind: 'failure', radius: '200%' }, 'radius must be a share'],
  [{ name: 'x', kind: 'failure', radius: -0.1 }, 'radius must be a share'],
  [{ name: 'x', kind: 'failure' }, 'radius is missing'],
  [{ name: 'x', kind: 'latency', radius: 1 }, 'it needs delay'],
  [{ name: 'x', kind: 'partial', radius: 1, keep: 0.5, delay: '1s' }, 'delay is for latency only'],
  [{ name: 'x', radius: '1%' }, 'kind is missing'],
  [{ name: 'x', for: 5 }, 'for must be a duration'],
  [{ name: 'x', blast: 1 }, 'blast is no key of this block'],
])('%j: %s', (body, problem) => {
  expect(readStartOrder(body)).toEqual({ problems: [expect.stringContaining(problem)] });
});

test('one is stopped by name, or all', () => {
  expect(readStopOrder({ name: 'x' })).toEqual({ name: 'x' });
  expect(readStopOrder({})).toEqual({ name: undefined });
  expect(readStopOrder({ all: true })).toHaveProperty('problems');
});
