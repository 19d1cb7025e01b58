import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SAME_HEAD_BYTES_MAX, SameHead, type WordBytes, wordsOf } from '../../../../src/edge/message/same-head.ts';

const AT = 16;

/** One that has seen a first head, which it lets go by. */
function begun(): SameHead {
  const same = new SameHead();
  const first = read(Buffer.from('first'));
  same.remember(first, AT, AT + 5);
  expect(same.endAt(first, AT, 4096)).toBe(0);
  return same;
}

/** A buffer with these bytes behind others. */
function read(bytes: Uint8Array): WordBytes {
  const whole = new Uint8Array(4096).fill(0x2e);
  whole.set(bytes, AT);
  return { whole, words: wordsOf(whole) };
}

const head = (length: number) => fc.uint8Array({ min: 1, max: 255, minLength: length, maxLength: length });

test('only what is the same to the last byte is taken for the same', () => {
  const pair = fc
    .integer({ min: 1, max: 100 })
    .chain((length) => fc.tuple(head(length), fc.nat(length - 1), fc.integer({ min: 1, max: 254 })));
  fc.assert(
    fc.property(pair, ([bytes, at, by]) => {
      const same = begun();
      same.remember(read(bytes), AT, AT + bytes.length);
      const other = Uint8Array.from(bytes);
      other[at] = ((bytes[at]! - 1 + by) % 255) + 1;
      expect(other[at]).not.toBe(bytes[at]);
      expect(same.endAt(read(other), AT, AT + bytes.length)).toBe(0);
    }),
  );
});

test('a head of ASCII that comes again is known, whatever comes behind it, once all of it is there', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 200, unit: 'binary-ascii' }), fc.string(), (text, more) => {
      fc.pre(!text.includes('\0'));
      const bytes = Buffer.from(text);
      const same = begun();
      expect(same.endAt(read(bytes), AT, AT + bytes.length)).toBe(0);
      same.remember(read(bytes), AT, AT + bytes.length);
      const again = read(Buffer.from(text + more));
      expect(same.endAt(again, AT, AT + bytes.length - 1)).toBe(0);
      expect(same.endAt(again, AT, 4096)).toBe(AT + bytes.length);
      same.forget();
      expect(same.endAt(again, AT, 4096)).toBe(0);
    }),
  );
});

test('a long head is not kept, and the one before is forgotten for it', () => {
  const same = begun();
  const short = read(Buffer.from('short'));
  const long = read(new Uint8Array(SAME_HEAD_BYTES_MAX + 1).fill(0x61));
  same.remember(short, AT, AT + 5);
  same.remember(long, AT, AT + SAME_HEAD_BYTES_MAX + 1);
  expect([same.endAt(short, AT, 4096), same.endAt(long, AT, 4096)]).toEqual([0, 0]);
});

test('where no head is like the one before, few are kept; where they are alike again, that is found out', () => {
  const same = begun();
  let kept = 0;
  for (let i = 0; i < 160; i += 1) {
    const one = read(Buffer.from(`head ${i}`.padEnd(10)));
    same.remember(one, AT, AT + 10);
    if (same.endAt(one, AT, 4096) === 0) continue;
    kept += 1;
    // That it was looked for here is not to count.
    if (kept > 4) break;
  }
  expect(kept).toBeGreaterThan(0);
  const alike = read(Buffer.from('alike'));
  let tries = 0;
  while (same.endAt(alike, AT, 4096) === 0) {
    same.remember(alike, AT, AT + 5);
    tries += 1;
    expect(tries).toBeLessThan(20);
  }
});
