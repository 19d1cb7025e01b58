import { expect, test } from 'vitest';
import { topologyOf } from './parse-text.ts';

const SERVICE = 'endpoints: [{ cloud: aws, region: us-east-1, url: http://h }]';

test('without a word, four nines over 30 days', () => {
  const [service] = topologyOf(`version: 1\nservices:\n  a: { ${SERVICE} }\n`).services;
  expect(service?.slo).toEqual({ objective: 0.9999, windowMs: 2_592_000_000, minimumRequests: 100, minimumErrors: 5 });
});

test('a service overrides key by key', () => {
  const text = `version: 1
slo: { objective: 99.9%, minimum_errors: 7 }
services:
  a: { slo: { objective: 0.99999 }, ${SERVICE}, match: { prefix: /a } }
  b: { ${SERVICE} }
`;
  const { services } = topologyOf(text);
  expect(services.map(({ slo }) => [slo.objective, slo.minimumErrors])).toEqual([
    [0.99999, 7],
    [0.999, 7],
  ]);
});
