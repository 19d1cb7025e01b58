import { expect, test } from 'vitest';
import { Unreadable } from '../../../src/fleet/unreadable.ts';
import type { Event } from '../../../src/table/event.ts';

test('each is reported once, all are counted, the last are named', () => {
  const events: Event[] = [];
  const unreadable = new Unreadable((event) => events.push(event));
  for (let at = 0; at < 12; at += 1) unreadable.found('r', `k${at}`, 'no');
  unreadable.found('r', 'k0', 'no');
  expect([unreadable.count, events.length]).toEqual([12, 12]);
  expect(unreadable.last()).toHaveLength(10);
  expect(unreadable.last().at(-1)).toBe('r/k11');
  expect(events[0]).toEqual({ type: 'fleet-record-unreadable', region: 'r', key: 'k0', error: 'no' });
});
