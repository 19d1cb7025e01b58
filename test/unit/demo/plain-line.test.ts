import { expect, test } from 'vitest';
import { plainLine } from '../../../src/demo/plain-line.ts';
import { sampleState } from './sample-state.ts';

test('one line has all that the view has', () => {
  const state = sampleState();
  expect(plainLine(state, state.news)).toBe(
    [
      '  31s  1860 requests, 60/s, 10 in flight, 7 failovers',
      'clients 1870 sent, 1 failed, p50 92 ms, p99 188 ms',
      [
        'aws/us-east-1 20% healthy 0.97',
        'aws/eu-central-1 20% healthy 0.97',
        'gcp/europe-west1 0% unhealthy 0.00 breaker half-open (stopped)',
        'gcp/asia-northeast1 20% healthy 0.97',
        'azure/japaneast 20% healthy 0.97',
        'azure/brazilsouth 20% healthy 0.97',
      ].join(', '),
      'breaker of gcp open',
      'breaker of azure open',
      'gcp/europe-west1 was stopped',
      'the breaker of gcp/europe-west1 is open',
    ].join(' | '),
  );
});

test('news never break the line', () => {
  const line = plainLine(sampleState(), [{ atMs: 0, text: 'a\nb\u001B[2J' }]);
  expect(line).toMatch(/ \| a\?b\?\[2J$/);
  expect(line).not.toContain('\n');
});
