import { expect, test } from 'vitest';
import { TICKET_KEYS_BYTES, TICKET_KEYS_MS, TicketKeys } from '../../../src/compose/ticket-keys.ts';

test('keys stay until their time is over, and are others then', () => {
  const keys = new TicketKeys(1000);
  const first = keys.current;
  expect(first).toHaveLength(TICKET_KEYS_BYTES);
  expect(keys.renew(1000 + TICKET_KEYS_MS - 1)).toBe(false);
  expect(keys.current).toBe(first);
  expect(keys.renew(1000 + TICKET_KEYS_MS)).toBe(true);
  expect(Buffer.compare(keys.current, first)).not.toBe(0);
  expect(keys.renew(1000 + TICKET_KEYS_MS + 1)).toBe(false);
});

test('two processes have different keys', () => {
  expect(Buffer.compare(new TicketKeys(0).current, new TicketKeys(0).current)).not.toBe(0);
});
