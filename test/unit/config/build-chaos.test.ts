import { expect, test } from 'vitest';
import { EVERYWHERE } from '../../support/chaos.ts';
import { SERVICES, topologyOf } from './parse-text.ts';

const chaosOf = (lines: string) => topologyOf(`version: 1\n${lines}\n${SERVICES}`).chaos;

test('chaos is off unless the file says otherwise', () => {
  expect(chaosOf('')).toEqual({
    enabled: false,
    guard: { burnRate: 14.4, windowMs: 10_000, errors: 5, latencyMs: 10_000, healthFloor: 0.5 },
    experiments: [],
  });
});

test.each([
  ['kind: latency, delay: 300ms', { kind: 'latency', delayMs: 300 }],
  ['kind: failure', { kind: 'failure', answer: 503, errorRate: 1 }],
  ['kind: failure, answer: refused, error_rate: 20%', { kind: 'failure', answer: 'refused', errorRate: 0.2 }],
  ['kind: partial, keep: 0.5', { kind: 'partial', keep: 0.5 }],
])('%s', (keys, fault) => {
  expect(chaosOf(`chaos: { experiments: { x: { ${keys}, radius: 5% } } }`).experiments).toEqual([
    { name: 'x', fault, scope: EVERYWHERE, radius: 0.05, forMs: 300_000, autostart: false, healthChecks: false },
  ]);
});
