import { expect, test } from 'vitest';
import { deadlineLine, limitLine, partsLine } from '../../../src/main/limit-line.ts';

const NONE = {
  rate: undefined,
  over: 'fleet',
  concurrent: undefined,
  bodyBytesMax: undefined,
  targetBytesMax: undefined,
  headBytesMax: undefined,
  fieldsMax: undefined,
  bodyPauseMs: undefined,
  clients: [],
} as const;
const CLIENT = {
  rate: undefined,
  concurrent: undefined,
  header: undefined,
  certificate: undefined,
  ipv6Prefix: 64,
} as const;

test.each([
  [
    { ...NONE, rate: { requestsPerSecond: 1000, burst: 50 }, bodyBytesMax: 1024 },
    'limits: at most 1000 requests a second, 50 at once; bodies of 1024 bytes',
  ],
  [
    {
      ...NONE,
      targetBytesMax: 9,
      clients: [{ ...CLIENT, rate: { requestsPerSecond: 1 / 3, burst: 1 }, concurrent: 2 }],
    },
    'limits: at most targets of 9 bytes; of each client (by address, IPv6 by its /64) 0.333 requests a second, 1 at once and 2 under way',
  ],
  [
    { ...NONE, concurrent: 7, clients: [{ ...CLIENT, concurrent: 1, header: 'x-api-key' }] },
    'limits: at most 7 under way; of each client (by x-api-key) 1 under way',
  ],
  [
    {
      ...NONE,
      headBytesMax: 4096,
      fieldsMax: 50,
      bodyPauseMs: 5000,
      clients: [{ ...CLIENT, concurrent: 1, certificate: 'subject' as const, header: 'x-api-key' }],
    },
    'limits: at most 5 s between two pieces of a body; heads of 4096 bytes; 50 fields in a head; of each client (by subject of its certificate, else x-api-key) 1 under way',
  ],
])('%j', (policy, expected) => {
  expect(limitLine(policy)).toBe(expected);
});

test.each([
  [{ all: 0.25 }, 'limits over the fleet: this edge has 25 % of what all clients may ask'],
  [{ client: 1 / 3 }, 'limits over the fleet: this edge has 33.3 % of what this client may'],
  [
    { all: 0.5, client: 0.005 },
    'limits over the fleet: this edge has 50 % of what all clients may ask and 0.5 % of what this client may',
  ],
])('%j', (parts, expected) => {
  expect(partsLine(parts)).toBe(expected);
});

test.each([
  [{ ms: 2500, header: undefined }, 'deadline: 2.5 s over all tries'],
  [{ ms: 1000, header: 'x-left' }, 'deadline: 1 s over all tries, told to endpoints in x-left'],
  [{ ms: undefined, header: 'x-left' }, 'deadline: none but what clients say themselves, told to endpoints in x-left'],
])('%j', (deadline, expected) => {
  expect(deadlineLine(deadline)).toBe(expected);
});
