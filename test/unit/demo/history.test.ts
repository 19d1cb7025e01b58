import { expect, test } from 'vitest';
import type { EdgeStatus } from '../../../src/demo/edge-status.ts';
import { History, SPAN_SAMPLES } from '../../../src/demo/history.ts';

function status(aws: number, gcp: number): EdgeStatus {
  const rest = { state: 'healthy', health: 1, inFlight: 0, breaker: 'closed' } as const;
  return {
    clouds: [],
    endpoints: [
      { cloud: 'aws', region: 'us-east-1', requests: aws, ...rest },
      { cloud: 'gcp', region: 'europe-west1', requests: gcp, ...rest },
    ],
  };
}

test('before there are two readings, no request has a rate', () => {
  expect(new History().flow()).toEqual({ requests: 0, perSecond: 0, shares: {} });
  const history = new History();
  history.add(status(5, 0), 0);
  expect(history.flow()).toEqual({ requests: 5, perSecond: 0, shares: { 'aws/us-east-1': 0, 'gcp/europe-west1': 0 } });
});

test('rates and shares are of the last seconds', () => {
  const history = new History();
  history.add(status(0, 0), 0);
  history.add(status(30, 10), 1000);
  expect(history.flow()).toEqual({
    requests: 40,
    perSecond: 40,
    shares: { 'aws/us-east-1': 0.75, 'gcp/europe-west1': 0.25 },
  });
  // A region that answers no more has no share once the seconds in which it did are over.
  for (let second = 2; second <= 1 + SPAN_SAMPLES; second += 1) history.add(status(30 * second, 10), second * 1000);
  expect(history.flow().shares).toEqual({ 'aws/us-east-1': 1, 'gcp/europe-west1': 0 });
  expect(history.flow().perSecond).toBe(30);
});

test('a counter that starts anew does not make a rate negative', () => {
  const history = new History();
  history.add(status(100, 50), 0);
  history.add(status(10, 60), 1000);
  expect(history.flow()).toMatchObject({ perSecond: 20, shares: { 'aws/us-east-1': 0.5, 'gcp/europe-west1': 0.5 } });
});
