import { expect, test } from 'vitest';
import type { EdgeStatus } from '../../../src/demo/edge-status.ts';
import { Show } from '../../../src/demo/show.ts';
import { Tally } from '../../../src/demo/tally.ts';

function world() {
  const now = { ms: 1000 };
  const requests = { aws: 0, gcp: 0 };
  const rest = { state: 'healthy', health: 1, inFlight: 1, breaker: 'closed' } as const;
  const status = (): EdgeStatus => ({
    clouds: [{ cloud: 'gcp', breaker: 'open' }],
    endpoints: [
      { cloud: 'aws', region: 'us-east-1', requests: requests.aws, ...rest },
      { cloud: 'gcp', region: 'europe-west1', requests: requests.gcp, ...rest },
    ],
  });
  const tally = new Tally();
  const show = new Show({
    clock: { nowMs: () => now.ms },
    origins: { states: () => ({ 'aws/us-east-1': 'running', 'gcp/europe-west1': 'hung' }) },
    tally,
    status,
    url: 'http://127.0.0.1:1/',
    adminUrl: 'http://127.0.0.1:2',
    forMs: 5000,
  });
  return { now, requests, tally, show };
}

test('it puts together what the edge, the origins and the clients know', () => {
  const { now, requests, tally, show } = world();
  show.refresh();
  now.ms += 1000;
  requests.aws = 45;
  requests.gcp = 15;
  tally.send();
  tally.succeed(20, now.ms);
  show.refresh();
  const state = show.state('hang');
  expect(state).toMatchObject({ elapsedMs: 1000, forMs: 5000, mode: 'hang', flow: { requests: 60, perSecond: 60 } });
  expect(state.regions[0]).toMatchObject({ origin: 'running', share: 0.75 });
  expect(state.regions[2]).toMatchObject({ origin: 'hung', share: 0.25, edge: { inFlight: 1 } });
  expect(state.recent.p50Ms).toBe(20);
  expect(state.clouds).toEqual([{ cloud: 'gcp', breaker: 'open' }]);
  expect(show.summary()).toContain('the edge answered 60 requests');
});

test('what happens to many requests is shown once a second, with its number', () => {
  const { show } = world();
  const failover = { type: 'failed-over', from: 'europe-west1', to: 'us-east-1', reason: 'reset' } as const;
  show.hear({ ...failover, count: 3 });
  show.hear({ ...failover, to: 'japaneast', count: 2 });
  show.failed('status 503');
  show.hear({
    type: 'breaker-moved',
    scope: 'cloud',
    service: 'demo',
    cloud: 'gcp',
    region: '',
    from: 'closed',
    to: 'open',
    by: 'demo/gcp/europe-west1/a:80',
    cause: 'reset',
  });
  expect(show.takeNews().map(({ text }) => text)).toEqual(['the breaker of the cloud gcp is open']);
  show.refresh();
  expect(show.takeNews().map(({ text }) => text)).toEqual([
    '5 requests failed over from gcp/europe-west1: connection reset',
    '1 request of the clients failed: status 503',
  ]);
  expect(show.state('plain').failovers).toBe(5);
});
