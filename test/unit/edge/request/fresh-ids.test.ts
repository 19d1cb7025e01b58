import { expect, test } from 'vitest';
import { freshId, traceparentFrom } from '../../../../src/edge/request/fresh-ids.ts';

const UUID_4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('ids are random UUIDs of version 4, no two alike over many batches', () => {
  const ids = Array.from({ length: 2000 }, freshId);
  for (const id of ids) expect(id).toMatch(UUID_4);
  expect(new Set(ids).size).toBe(ids.length);
  // Every digit that may vary does, and every value of it comes: of 2,000 draws, one of 16 is missed once in 10^56.
  for (let at = 0; at < 36; at += 1) {
    const seen = new Set(ids.map((id) => id[at]));
    expect(seen.size, `digit ${at}`).toBe([8, 13, 18, 23, 14].includes(at) ? 1 : at === 19 ? 4 : 16);
  }
});

test('the trace of the id that was made last is the same as of any UUID, by its digits', () => {
  for (let i = 0; i < 100; i += 1) {
    const id = freshId();
    const digits = id.replaceAll('-', '');
    const expected = `00-${digits}-${digits.slice(0, 8)}${digits.slice(24)}-01`;
    expect(traceparentFrom(id)).toBe(expected);
    freshId();
    expect(traceparentFrom(id)).toBe(expected);
  }
});
