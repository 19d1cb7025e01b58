import { expect, test } from 'vitest';
import { collapsedHeaders, copyHeaders, forwardedFor, forwardedHeaders } from '../../../src/degraded/step-headers.ts';
import { copyWith } from './copies.ts';

test.each([
  ['POST', 5, 'method'],
  ['GET', undefined, 'uri-miss'],
  ['HEAD', 5, 'stale'],
  ['GET', 15, 'bypass'],
] as const)('%s with a copy until %s was forwarded for %s', (method, staleAtMs, expected) => {
  expect(forwardedFor(method, staleAtMs, 10)).toBe(expected);
});

test('an answer of the endpoints or of a fallback says so', () => {
  expect(forwardedHeaders('endpoint', { forwarded: 'uri-miss', stored: true, endpoints: 'well' })).toEqual([
    'Cache-Status',
    'meridian; fwd=uri-miss; stored',
    'Service-Quality',
    'full',
  ]);
  expect(forwardedHeaders('fallback', { forwarded: 'stale', stored: false, endpoints: 'failed' })).toEqual([
    'Cache-Status',
    'meridian; fwd=stale',
    'Service-Quality',
    'degraded',
  ]);
  expect(collapsedHeaders(copyWith(), 500)).toEqual([
    'Cache-Status',
    'meridian; fwd=uri-miss; collapsed',
    'Age',
    '0',
    'Service-Quality',
    'full',
  ]);
});

test('a copy says how old it is and how long it is fresh', () => {
  expect(copyHeaders(copyWith(), 4000, { source: 'cache', status: undefined, endpoints: 'well' })).toEqual([
    'Cache-Status',
    'meridian; hit; ttl=6',
    'Age',
    '4',
    'Service-Quality',
    'degraded',
  ]);
  expect(copyHeaders(copyWith(), 25_000, { source: 'stale', status: 503, endpoints: 'failed' })).toEqual([
    'Cache-Status',
    'meridian; fwd=stale; fwd-status=503; ttl=-15',
    'Age',
    '25',
    'Service-Quality',
    'minimal',
  ]);
});
