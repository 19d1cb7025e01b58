import { expect, test } from 'vitest';
import { OwnersTrips } from '../../../src/health/owners-trips.ts';

const ANSWERED = { attempts: 40, failures: 0, firstByteSumMs: 4000, firstByteCount: 40 };

test('each service has its own, for as long as it is in force, and forgets rows that it does not have any more', () => {
  const trips = new OwnersTrips();
  const shop = trips.of('shop');
  expect(trips.of('shop')).toBe(shop);
  expect(trips.of('blog')).not.toBe(shop);
  shop.counted(1, ANSWERED, 0);
  shop.counted(2, ANSWERED, 0);
  trips.keep({ slots: { shop: 0 }, rows: { a: 1 } });
  expect(trips.of('shop')).toBe(shop);
  // Nobody has said yet what is usual: only that the rows are still known is of interest here.
  expect([shop.idleMsOf(1), shop.answersOf(2, 0)]).toEqual([Number.NaN, undefined]);
  trips.keep({ slots: { blog: 0 }, rows: {} });
  expect(trips.of('shop')).not.toBe(shop);
});
