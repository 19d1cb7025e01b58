import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  codedBytes,
  decodedBytesMax,
  decodeHuffman,
  encodeHuffman,
} from '../../../../../src/edge/frames/hpack/huffman.ts';

test('what is coded is decoded again, whatever bytes it has', () => {
  const latin1 = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 300 });
  fc.assert(
    fc.property(latin1, (bytes) => {
      const text = Buffer.from(bytes).toString('latin1');
      const coded = Buffer.alloc(codedBytes(text) + 1);
      const end = encodeHuffman(text, coded, 0);
      expect(end).toBe(codedBytes(text));
      const decoded = Buffer.alloc(decodedBytesMax(end));
      const length = decodeHuffman(coded, 0, end, decoded);
      expect(decoded.toString('latin1', 0, length)).toBe(text);
    }),
  );
});

test('whatever is decoded fits into what there is for it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (coded) => {
      const room = decodedBytesMax(coded.length);
      const into = Buffer.alloc(room + 8, 0xee);
      const length = decodeHuffman(coded, 0, coded.length, into);
      expect(length).toBeLessThanOrEqual(room);
      expect(into.subarray(room).every((byte) => byte === 0xee)).toBe(true);
    }),
  );
});
