import { expect, test } from 'vitest';
import { messageOf } from '../../../src/observe/event-message.ts';
import type { Event } from '../../../src/table/event.ts';

const said = (more: Partial<Extract<Event, { type: 'fleet-value' }>>): Event => ({
  type: 'fleet-value',
  key: 'flags/x',
  order: 'set',
  consistency: 'eventual',
  result: 'acknowledged',
  actor: 'ana',
  version: '"1"',
  why: '',
  ...more,
});

test.each<[Event, string, string]>([
  [said({}), 'info', 'the value flags/x was set, by ana'],
  [said({ order: 'delete' }), 'info', 'the value flags/x was deleted, by ana'],
  [said({ result: 'here' }), 'warn', 'the value flags/x was set on this edge and is not stored yet, by ana'],
  [
    said({ result: 'conflict', why: 'it has changed' }),
    'warn',
    'the value flags/x was not set, by ana: it has changed',
  ],
  [said({ result: 'unknown', why: 'timeout' }), 'warn', 'the value flags/x may have been set, by ana: timeout'],
  [
    { type: 'flag-switched', flag: 'flags/x', on: true, endpoints: 1, rules: 0 },
    'warn',
    'the flag flags/x is on: 1 endpoint of this edge gets no more requests',
  ],
  [
    { type: 'flag-switched', flag: 'flags/x', on: false, endpoints: 2, rules: 0 },
    'info',
    'the flag flags/x is off: 2 endpoints of this edge get requests again',
  ],
  [
    { type: 'flag-switched', flag: 'flags/x', on: true, endpoints: 0, rules: 1 },
    'warn',
    'the flag flags/x is on: 1 rule of match holds now',
  ],
  [
    { type: 'flag-switched', flag: 'flags/x', on: false, endpoints: 1, rules: 2 },
    'info',
    'the flag flags/x is off: 1 endpoint of this edge gets requests again, 2 rules of match hold no more',
  ],
  [
    { type: 'fleet-voters', admitted: ['a', 'b'], founded: false, voters: 3, edge: 'e' },
    'info',
    'a, b may vote about strong values, taken in with what most of the others have',
  ],
  [
    { type: 'fleet-voters', admitted: ['a'], founded: true, voters: 3, edge: 'e' },
    'warn',
    'a may vote about strong values, taken in all together, with what each has on its disk',
  ],
])('%j', (event, level, message) => {
  expect(messageOf(event)).toEqual({ level, message });
});
