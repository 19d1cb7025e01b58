import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closeFrame, GOING_AWAY, WebSocketFrames } from '../../../../src/edge/tunnel/web-socket-frames.ts';

type Frame = { readonly opcode: number; readonly fin: boolean; readonly masked: boolean; readonly length: number };

/** A frame as RFC 6455 §5.2 draws it; its payload is made of what looks like heads of frames. */
function frameOf({ opcode, fin, masked, length }: Frame): Buffer {
  const mask = masked ? Buffer.from([0x88, 0x80, 0x88, 0]) : Buffer.alloc(0);
  const second = masked ? 0x80 : 0;
  let head = Buffer.from([(fin ? 0x80 : 0) | opcode, second | length]);
  if (length > 125 && length < 65_536) {
    head = Buffer.from([head[0] as number, second | 126, length >> 8, length & 255]);
  } else if (length >= 65_536) {
    head = Buffer.alloc(10);
    head[0] = (fin ? 0x80 : 0) | opcode;
    head[1] = second | 127;
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([head, mask, Buffer.alloc(length, 0x88)]);
}

const frame = fc.record({
  opcode: fc.constantFrom(0, 1, 2, 9, 10),
  fin: fc.boolean(),
  masked: fc.boolean(),
  length: fc.oneof(fc.integer({ min: 0, max: 130 }), fc.constantFrom(65_535, 65_536, 70_000)),
});

/** The same bytes in pieces of these sizes, again and again. */
function* pieces(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  for (let at = 0, i = 0; at < bytes.length; i += 1) {
    const size = sizes[i % sizes.length] as number;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 5000 })), {
  minLength: 1,
  maxLength: 8,
});

test('however the bytes come, it knows whether it is between two frames', () => {
  fc.assert(
    fc.property(fc.array(frame, { minLength: 1, maxLength: 5 }), sizes, (frames, cuts) => {
      const ends = new Set([0]);
      let end = 0;
      const bytes = Buffer.concat(
        frames.map((one) => {
          const text = frameOf(one);
          end += text.length;
          ends.add(end);
          return text;
        }),
      );
      const frames_ = new WebSocketFrames();
      let at = 0;
      for (const piece of pieces(bytes, cuts)) {
        frames_.follow(piece);
        at += piece.length;
        expect(frames_.between).toBe(ends.has(at));
        expect(frames_.closing).toBe(false);
      }
    }),
    { numRuns: 60 },
  );
});

test('from the middle of a frame it finds its end, and nothing behind it', () => {
  fc.assert(
    fc.property(frame, frame, fc.nat(), sizes, (first, second, before, cuts) => {
      const bytes = Buffer.concat([frameOf(first), frameOf(second)]);
      const end = frameOf(first).length;
      const at = 1 + (before % (end - 1));
      const frames = new WebSocketFrames();
      frames.follow(bytes.subarray(0, at));
      let found = at;
      for (const piece of pieces(bytes.subarray(at), cuts)) {
        const taken = frames.followToEnd(piece);
        found += taken;
        if (frames.between) break;
        expect(taken).toBe(piece.length);
      }
      expect(found).toBe(end);
    }),
  );
});

test.each([false, true])('a Close is known as it begins, and as it ends (masked: %s)', (masked) => {
  const frames = new WebSocketFrames();
  frames.follow(frameOf({ opcode: 1, fin: true, masked, length: 3 }));
  const close = closeFrame(GOING_AWAY, 'going away', masked ? Buffer.from([1, 2, 3, 4]) : undefined);
  const head = masked ? 6 : 2;
  frames.follow(close.subarray(0, head - 1));
  expect([frames.closing, frames.closed]).toEqual([false, false]);
  frames.follow(close.subarray(head - 1, head));
  expect([frames.closing, frames.closed, frames.between]).toEqual([true, false, false]);
  frames.follow(close.subarray(head));
  expect([frames.closing, frames.closed, frames.between]).toEqual([true, true, true]);
});

test('a Close without a payload ends with its head', () => {
  const frames = new WebSocketFrames();
  frames.follow(Buffer.from([0x88, 0]));
  expect([frames.closing, frames.closed]).toEqual([true, true]);
});

test('a Close is said as it is to be read', () => {
  expect(closeFrame(1001, 'bye')).toEqual(Buffer.from([0x88, 5, 3, 0xe9, 0x62, 0x79, 0x65]));
  const masked = closeFrame(1001, '', Buffer.from([0xff, 0x0f, 1, 1]));
  expect(masked).toEqual(Buffer.from([0x88, 0x82, 0xff, 0x0f, 1, 1, 3 ^ 0xff, 0xe9 ^ 0x0f]));
});
