import { expect, test } from 'vitest';
import { AheadBytes } from '../../../../../src/edge/client/ahead-bytes.ts';
import { Ahead } from '../../../../../src/edge/wire/client/ahead.ts';

test('what waits for its turn is copied and counted; a head that is not whole is not', () => {
  const all = new AheadBytes(10);
  const ahead = new Ahead(all);
  const lent = Buffer.from('..abc');
  ahead.start(lent, 2, 5);
  expect(all.taken).toBe(0);
  expect(ahead.add(lent, 3, 5)).toBe(true);
  lent.fill('x');
  expect(ahead.bytes?.toString()).toBe('abcbc');
  expect(all.taken).toBe(2);
  expect(ahead.add(Buffer.alloc(9), 0, 9)).toBe(false);
  expect(ahead.bytes).toBeUndefined();
  expect(all.taken).toBe(0);
});
