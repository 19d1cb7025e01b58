import { expect, test } from 'vitest';
import { fieldsOf, messageOf, PROBLEMS_LOGGED_MAX } from '../../../src/observe/event-message.ts';
import type { Event } from '../../../src/table/event.ts';

const MOVE = {
  type: 'breaker-moved',
  service: 'shop',
  cloud: 'aws',
  region: 'us-east-1',
  from: 'closed',
  by: 'shop/aws/a/b:80',
  cause: 'answered 500',
} as const;
const STATE = {
  type: 'endpoint-state',
  endpoint: 'shop/aws/a/b:80',
  from: 'healthy',
  health: 0,
  reason: 'refused',
} as const;

const ALERT = { type: 'alert', alert: 'MeridianNoEndpoints', labels: {}, summary: 'shop is gone' } as const;

const told: readonly [string, string, Event][] = [
  ['error', 'the health loop failed once and goes on: boom', { type: 'loop-failed', loop: 'health', error: 'boom' }],
  ['warn', 'the breaker of shop on aws/us-east-1 is open: answered 500', { ...MOVE, scope: 'endpoint', to: 'open' }],
  [
    'info',
    'the breaker of shop on aws is closed: shop/aws/a/b:80: answered 500',
    { ...MOVE, scope: 'cloud', region: '', to: 'closed' },
  ],
  ['warn', 'shop/aws/a/b:80 is unhealthy: refused', { ...STATE, to: 'unhealthy' }],
  [
    'warn',
    'a is still unhealthy, for another reason: answered 500',
    { type: 'endpoint-cause', endpoint: 'a', state: 'unhealthy', reason: 'answered 500' },
  ],
  ['info', 'draining for at most 10 s', { type: 'ending', phase: 'draining', forMs: 10_000 }],
  ['info', 'cutting off what is left', { type: 'ending', phase: 'cutting', forMs: 0 }],
  ['info', 'ended after 61 s', { type: 'ended', uptimeMs: 61_200 }],
  ['info', 'SIGHUP: reading the file', { type: 'signal', signal: 'SIGHUP', what: 'reading the file' }],
  ['info', 'shop/aws/a/b:80 is healthy: refused', { ...STATE, to: 'healthy' }],
  [
    'info',
    '1 request went to b instead of a: reset',
    { type: 'failed-over', from: 'a', to: 'b', reason: 'reset', count: 1 },
  ],
  [
    'info',
    '2 requests of shop went to shop/gcp/b/d:80 instead of shop/aws/a/b:80: reset',
    { type: 'failed-over', from: 'shop/aws/a/b:80', to: 'shop/gcp/b/d:80', reason: 'reset', count: 2 },
  ],
  [
    'warn',
    '2 requests of shop went to an endpoint that is down: nothing else was left',
    { type: 'panic', service: 'shop', count: 2 },
  ],
  ['info', 'm.yaml is in use: 1 service, 3 endpoints', { type: 'reloaded', file: 'm.yaml', services: 1, endpoints: 3 }],
  [
    'error',
    'm.yaml has 1 problem; the previous topology stays in use',
    { type: 'reload-rejected', file: 'm.yaml', problems: ['p'] },
  ],
  ['warn', 'a change of a.b, c takes effect at the next start', { type: 'restart-needed', keys: ['a.b', 'c'] }],
  [
    'error',
    'the store of eu is in trouble; the edge goes on: it is full',
    { type: 'fleet-trouble', region: 'eu', cause: 'it is full' },
  ],
  ['info', 'the store of eu is well again', { type: 'fleet-recovered', region: 'eu' }],
  [
    'error',
    'drain/x in eu is left as it is: it has version 2',
    { type: 'fleet-record-unreadable', region: 'eu', key: 'drain/x', error: 'it has version 2' },
  ],
  [
    'warn',
    'drain/x was written side by side by a, b; merged',
    { type: 'fleet-conflict', key: 'drain/x', edges: ['a', 'b'] },
  ],
  ['error', 'alert (critical): shop is gone', { ...ALERT, status: 'firing', severity: 'critical' }],
  ['warn', 'alert (warning): shop is gone', { ...ALERT, status: 'firing', severity: 'warning' }],
  ['info', 'resolved: shop is gone', { ...ALERT, status: 'resolved', severity: 'critical' }],
  ['error', 'alerts do not reach slack: answered 500', { type: 'sink-failed', sink: 'slack', error: 'answered 500' }],
  ['info', 'alerts reach slack again', { type: 'sink-recovered', sink: 'slack' }],
  [
    'error',
    'a.json cannot be used, alerts begin anew: bad',
    { type: 'alert-state-rejected', file: 'a.json', error: 'bad' },
  ],
  [
    'warn',
    'shop says tls.insecure: nobody verifies who its 2 https endpoints are',
    { type: 'origins-unverified', service: 'shop', endpoints: 2 },
  ],
  [
    'info',
    'the certificate of a.example.com in c.pem is in use; it ends on 1970-01-01T00:00:01.000Z',
    { type: 'certificate-changed', certificate: 'a.example.com', file: 'c.pem', fingerprint: 'ff', notAfterMs: 1000 },
  ],
  [
    'error',
    'edge.tls: c.pem and k.pem cannot be used: why; what was in use before stays',
    { type: 'certificate-refused', key: 'edge.tls', error: 'c.pem and k.pem cannot be used: why' },
  ],
  ['info', 'the geo database g is in use', { type: 'geo-swapped', file: 'g', builtAtMs: 1 }],
  [
    'error',
    'the geo database g cannot be used; the previous one stays in use: bad',
    { type: 'geo-rejected', file: 'g', error: 'bad' },
  ],
  [
    'info',
    'h is now 10.0.0.1, 10.0.0.2',
    { type: 'addresses-changed', host: 'h', addresses: ['10.0.0.1', '10.0.0.2'] },
  ],
  ['info', 'h is now nowhere', { type: 'addresses-changed', host: 'h', addresses: [] }],
  [
    'warn',
    'h could not be resolved; its last addresses stay: e',
    { type: 'resolve-failed', host: 'h', error: 'e', keptLastGood: true },
  ],
  ['error', 'h could not be resolved: e', { type: 'resolve-failed', host: 'h', error: 'e', keptLastGood: false }],
  ['info', 'h can be resolved again', { type: 'resolve-recovered', host: 'h' }],
  [
    'error',
    'this machine is short of descriptors, ports or memory: 7 connections could not be made or taken: EMFILE',
    { type: 'resources-short', code: 'EMFILE', count: 7 },
  ],
  ['info', 'edge thread 3 serves', { type: 'worker-started', worker: 3 }],
  [
    'warn',
    'the experiment slow starts: latency for 5 % of its scope, for 60 s',
    { type: 'chaos-started', experiment: 'slow', kind: 'latency', radius: 0.05, forMs: 60_000, by: 'api' },
  ],
  [
    'info',
    'the experiment slow was stopped: enough',
    { type: 'chaos-stopped', experiment: 'slow', reason: 'operator', detail: 'enough' },
  ],
  [
    'error',
    'the experiment slow was stopped by the guard: it burns',
    { type: 'chaos-stopped', experiment: 'slow', reason: 'guard', detail: 'it burns' },
  ],
  [
    'info',
    'slow touched 2 requests: latency',
    { type: 'chaos-injected', experiment: 'slow', kind: 'latency', count: 2 },
  ],
  ['error', 'edge thread 3 died: e', { type: 'worker-died', worker: 3, error: 'e' }],
];

test.each(told)('%s: %s', (level, message, event) => {
  expect(messageOf(event)).toEqual({ level, message });
});

test('the fields are the event without its type', () => {
  expect(fieldsOf({ type: 'panic', service: 'shop', count: 2 })).toEqual({ service: 'shop', count: 2 });
});

test('a file with many problems is reported in part', () => {
  const problems = Array.from({ length: PROBLEMS_LOGGED_MAX + 5 }, (_, i) => `p${i}`);
  const fields = fieldsOf({ type: 'reload-rejected', file: 'f', problems });
  expect(fields['problems']).toEqual([...problems.slice(0, PROBLEMS_LOGGED_MAX), 'and 5 more']);
});

test('a failover says of which service, and no field takes the place of one that every line has', () => {
  const failover = { type: 'failed-over', from: 'shop/aws/a/b:80', to: 'b', reason: 'reset', count: 1 } as const;
  expect(fieldsOf(failover)).toEqual({ service: 'shop', from: 'shop/aws/a/b:80', to: 'b', reason: 'reset', count: 1 });
  for (const [, , event] of told) {
    for (const taken of ['level', 'time', 'thread', 'msg', 'event']) expect(fieldsOf(event)).not.toHaveProperty(taken);
  }
});
