import { expect, test } from 'vitest';
import { mayNamePlaces, printable } from '../../../src/config/redact.ts';
import { SERVICES, topologyOf } from './parse-text.ts';

test('a token is never printed, and everything else is', () => {
  const topology = topologyOf(`version: 1\nadmin: { token: hunter2 }\n${SERVICES}`);
  const shown = printable(topology);
  expect(JSON.stringify(shown)).not.toContain('hunter2');
  expect(shown).toEqual({ ...topology, admin: { ...topology.admin, token: '(redacted)' } });
  expect(topology.admin.token).toBe('hunter2');
});

test('that there is no token can be seen', () => {
  expect(printable(topologyOf(`version: 1\n${SERVICES}`)).admin.token).toBe('');
});

test('of a sink no key is printed, and of its URL no more than the origin', () => {
  const topology = topologyOf(`version: 1
alerts:
  sinks:
    webhook: { url: "https://hook.example/SECRET1?a=SECRET2", secret: SECRET3 }
    alertmanager: { urls: ["http://am:9093/SECRET4"] }
    slack: { url: "https://hooks.slack.com/SECRET5" }
    pagerduty: { routing_key: SECRET6 }
${SERVICES}`);
  const shown = JSON.stringify(printable(topology));
  expect(shown).not.toContain('SECRET');
  expect(shown).toContain('https://hook.example/(redacted)');
  expect(shown).toContain('http://am:9093/(redacted)');
});

test('of a store no more than where it is', () => {
  const fleet = `edge: { id: a, region: aws/us-east-1 }
fleet:
  store: redis
  regions:
    us-east-1: { url: "redis://SECRET1:SECRET2@10.0.0.9:6379/2" }
    b: { url: "rediss://[2001:db8::1]:6380" }`;
  const topology = topologyOf(`version: 1\n${fleet}\n${SERVICES}`);
  const shown = printable(topology);
  expect(JSON.stringify(shown)).not.toContain('SECRET');
  expect(shown.fleet?.regions.map(({ url }) => url)).toEqual([
    'redis://(redacted)@10.0.0.9:6379',
    'rediss://(redacted)@[2001:db8::1]:6380',
  ]);
  expect(topology.fleet?.regions[0]?.url).toContain('SECRET2');
});

test('a message that may name a place is told from one that does not', () => {
  const places = ['connect ECONNREFUSED 10.0.0.1:6379', 'getaddrinfo ENOTFOUND redis.internal', '[::1]', '/etc/x'];
  expect(places.map(mayNamePlaces)).toEqual(places.map(() => true));
  expect(['ECONNREFUSED', 'is full', 'no answer in time'].map(mayNamePlaces)).toEqual([false, false, false]);
});
