import { expect, test } from 'vitest';
import { HEADROOM_BYTES, newBuffer, READ_BYTES } from '../../../../src/edge/upstream/read-buffer.ts';

test('what is read lies behind room for a head, in the same memory', () => {
  const { whole, view } = newBuffer();
  expect([whole.length, view.length]).toEqual([HEADROOM_BYTES + READ_BYTES, READ_BYTES]);
  view[0] = 0x78;
  expect(whole[HEADROOM_BYTES]).toBe(0x78);
});
