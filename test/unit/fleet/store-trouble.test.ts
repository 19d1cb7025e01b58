import { expect, test } from 'vitest';
import { StoreTrouble } from '../../../src/fleet/store-trouble.ts';
import type { Event } from '../../../src/table/event.ts';

test('trouble is reported when it begins, when its cause changes, and when it ends', () => {
  const events: Event[] = [];
  const trouble = new StoreTrouble('r', (event) => events.push(event));
  trouble.set('read', '');
  trouble.set('write', 'full');
  trouble.set('write', 'full');
  trouble.set('link', 'gone');
  expect([trouble.cause, trouble.has('link'), trouble.has('read')]).toEqual(['gone', true, false]);
  trouble.set('write', '');
  trouble.set('link', '');
  trouble.set('link', '');
  expect(events).toEqual([
    { type: 'fleet-trouble', region: 'r', cause: 'full' },
    { type: 'fleet-trouble', region: 'r', cause: 'gone' },
    { type: 'fleet-recovered', region: 'r' },
  ]);
});
