import { expect, test } from 'vitest';
import { problemsWith } from './parse-text.ts';

test.each([
  [
    '{ health_critical: { below: 0.9 } }',
    'alerts.rules.health_critical.below: makes health_critical.below (0.9) higher',
  ],
  ['{ health_warning: { below: 0.3 } }', 'alerts.rules.health_warning.below: makes health_critical.below (0.5) higher'],
])('%s: critical must be worth a warning too', (rules, message) => {
  expect(problemsWith(`alerts: { rules: ${rules} }`)).toEqual([expect.stringContaining(message)]);
});

test('the same threshold for both is fine, and so is no word of either', () => {
  expect(problemsWith('alerts: { rules: { health_warning: { below: 50% } } }')).toEqual([]);
  expect(problemsWith('alerts: {}')).toEqual([]);
});
