import { describe, expect, test } from 'vitest';
import { rate } from '../../../src/config/schema-limits.ts';
import { topologyOf } from '../../support/topology.ts';

const file = (limits: string): string => `version: 1
services:
  shop:
    limits: ${limits}
    endpoints: [{ cloud: aws, region: us-east-1, url: "http://127.0.0.1:1" }]
`;
const limitsOf = (text: string) => topologyOf(file(text)).services[0]?.limits;

describe('limits', () => {
  test('a burst is what one second brings where it is not said, and at least one', () => {
    expect(limitsOf('{ requests: 1000/s }')?.rate).toEqual({ requestsPerSecond: 1000, burst: 1000 });
    expect(limitsOf('{ requests: 6/m, burst: 3 }')?.rate).toEqual({ requestsPerSecond: 0.1, burst: 3 });
    expect(limitsOf('{ requests: 1/h }')?.rate?.burst).toBe(1);
    expect(topologyOf(file('{ body: 1MiB }').replace(/ {4}limits.*\n/, '')).services[0]?.limits).toBeUndefined();
  });

  test('one rule for clients is a list of one', () => {
    const client = {
      rate: { requestsPerSecond: 5, burst: 5 },
      concurrent: undefined,
      header: 'x-api-key',
      certificate: undefined,
      ipv6Prefix: 64,
    };
    expect(limitsOf('{ per_client: { requests: 5/s, header: X-Api-Key } }')?.clients).toEqual([client]);
    expect(limitsOf('{ per_client: [{ concurrent: 4, ipv6_prefix: 48 }], body: 1KiB, target: 100B }')).toEqual({
      rate: undefined,
      over: 'fleet',
      concurrent: undefined,
      bodyBytesMax: 1024,
      targetBytesMax: 100,
      headBytesMax: undefined,
      fieldsMax: undefined,
      bodyPauseMs: undefined,
      clients: [{ rate: undefined, concurrent: 4, header: undefined, certificate: undefined, ipv6Prefix: 48 }],
    });
  });

  test.each([
    [0, /say in which time, as in 0\/s/],
    [100, /say in which time, as in 100\/s/],
    ['100', /must be a rate such as 100\/s/],
    ['0/s', /must be at least 1/],
    ['2000000/s', /must be at most 1000000\/s/],
    ['5/d', /must be a rate/],
  ])('%s is no rate', (value, message) => {
    const read = rate.read(value);
    expect(read.ok ? '' : read.faults[0]?.message).toMatch(message);
  });
});
