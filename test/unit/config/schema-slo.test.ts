import { expect, test } from 'vitest';
import { problemsWith } from './parse-text.ts';

test.each([
  ['slo: { objective: 99.9%, window: 168h }'],
  ['slo: { objective: 0.9999, minimum_requests: 0, minimum_errors: 1 }'],
  ['slo: { objective: 50% }'],
])('%s is right', (line) => {
  expect(problemsWith(line)).toEqual([]);
});

test.each([
  ['slo: { objective: 100% }', '2:19 slo.objective: must be an objective from 50%'],
  ['slo: { objective: 1 }', 'an objective of all leaves no budget'],
  ['slo: { objective: 99.99 }', 'did you mean 99.99%?'],
  ['slo: { objective: 0.4 }', '2:19 slo.objective: must be an objective'],
  ['slo: { objective: most }', '2:19 slo.objective: must be an objective'],
  ['slo: { window: 1h }', '2:16 slo.window: must be from 24h to 2160h'],
  ['slo: { minimum_errors: 0 }', '2:24 slo.minimum_errors: must be a whole number from 1'],
  ['slo: { objectiv: 99% }', 'did you mean "objective"?'],
])('%s is wrong', (line, message) => {
  expect(problemsWith(line)).toEqual([expect.stringContaining(message)]);
});
