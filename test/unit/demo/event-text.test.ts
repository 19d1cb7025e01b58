import { expect, test } from 'vitest';
import { burstText, eventText } from '../../../src/demo/event-text.ts';
import type { Event } from '../../../src/table/event.ts';

const state = { type: 'endpoint-state', endpoint: 'demo/gcp/europe-west1/127.0.0.1:4001', health: 0 } as const;
const breaker = {
  type: 'breaker-moved',
  service: 'demo',
  cloud: 'gcp',
  from: 'closed',
  to: 'open',
  by: 'a',
  cause: 'b',
} as const;

test.each<[Event, string | undefined]>([
  [{ ...breaker, scope: 'cloud', region: '' }, 'the breaker of the cloud gcp is open'],
  [{ ...breaker, scope: 'endpoint', region: 'europe-west1' }, 'the breaker of gcp/europe-west1 is open'],
  [{ ...state, from: 'healthy', to: 'unhealthy', reason: 'refused' }, 'gcp/europe-west1 is unhealthy: refused'],
  [{ ...state, from: 'unknown', to: 'healthy', reason: 'ok' }, undefined],
  [{ type: 'worker-died', worker: 1, error: 'Error: x\n    at y' }, 'edge thread 1 died and is replaced: Error: x'],
  [{ type: 'reload-rejected', file: 'f', problems: ['3:1 bad'] }, 'the file is not good and not used: 3:1 bad'],
  [{ type: 'reloaded', file: 'f', services: 1, endpoints: 6 }, 'the file is in use'],
  [{ type: 'worker-started', worker: 0 }, undefined],
])('%j', (event, words) => {
  expect(eventText(event)).toBe(words);
});

test.each<[Event, string | undefined]>([
  [
    { type: 'failed-over', from: 'europe-west1', to: 'us-east-1', reason: 'connect-refused', count: 3 },
    'failed over from gcp/europe-west1: connection refused',
  ],
  [
    { type: 'failed-over', from: 'elsewhere', to: 'us-east-1', reason: 'status-503', count: 1 },
    'failed over from elsewhere: status 503',
  ],
  [{ type: 'panic', service: 'demo', count: 2 }, 'sent to an unhealthy endpoint: nothing better is left'],
  [{ type: 'worker-started', worker: 0 }, undefined],
])('many at once: %j', (event, words) => {
  expect(burstText(event)).toBe(words);
});
