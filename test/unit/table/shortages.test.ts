import { expect, test } from 'vitest';
import type { Event } from '../../../src/table/event.ts';
import { SHORTAGE_REPORT_MS, Shortages } from '../../../src/table/shortages.ts';

test('reported at once, then together, once a minute, and not when there is nothing', () => {
  const clock = { ms: 5, nowMs: () => clock.ms };
  const events: Event[] = [];
  const shortages = new Shortages(clock, (event) => events.push(event));
  shortages.flush();
  shortages.note('EMFILE');
  shortages.flush();
  expect(events).toEqual([{ type: 'resources-short', code: 'EMFILE', count: 1 }]);
  shortages.note('EMFILE');
  shortages.note('EMFILE');
  shortages.note('EADDRNOTAVAIL');
  clock.ms += SHORTAGE_REPORT_MS - 1;
  shortages.flush();
  expect(events).toHaveLength(1);
  clock.ms += 1;
  shortages.flush();
  shortages.flush();
  expect(events.slice(1)).toEqual([
    { type: 'resources-short', code: 'EMFILE', count: 2 },
    { type: 'resources-short', code: 'EADDRNOTAVAIL', count: 1 },
  ]);
});
