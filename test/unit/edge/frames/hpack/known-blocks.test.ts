import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NO_ERROR } from '../../../../../src/edge/frames/error-code.ts';
import { Decoder } from '../../../../../src/edge/frames/hpack/decoder.ts';
import { Encoder } from '../../../../../src/edge/frames/hpack/encoder.ts';
import { FieldList } from '../../../../../src/edge/frames/hpack/field-list.ts';
import { BLOCK_BYTES_MAX, type KnownBlock } from '../../../../../src/edge/frames/hpack/known-blocks.ts';
import { OutField } from '../../../../../src/edge/frames/hpack/out-field.ts';

const LIST = new FieldList();

function decode(
  decoder: Decoder,
  block: Uint8Array,
): { fields: string[]; bytes: number; known: KnownBlock | undefined } {
  LIST.begin(65_536, 262_144);
  expect(decoder.decode(Buffer.from(block), 0, block.length, LIST)).toBe(NO_ERROR);
  const fields = LIST.fields.map(({ name, value }) => `${name.text}: ${value}`);
  return { fields, bytes: LIST.bytes, known: LIST.known };
}

const HEAD = [new OutField(':status', '200'), new OutField('server', 'a'), new OutField('etag', '"1"')];
const TRAILERS = [new OutField('grpc-status', '0')];

test('a block that has changed nothing is known when it comes again, with what was found out about it; so are two in turn', () => {
  const [encoder, decoder] = [new Encoder(), new Decoder()];
  const next = (fields: readonly OutField[]): KnownBlock | undefined => decode(decoder, encoder.encode(fields)).known;
  for (const fields of [HEAD, TRAILERS]) expect(next(fields), 'the first of each fills the table').toBeUndefined();
  const [head, trailers] = [next(HEAD) as KnownBlock, next(TRAILERS) as KnownBlock];
  head.meaning = 'a head';
  for (let i = 0; i < 3; i += 1) {
    expect(next(HEAD)).toBe(head);
    expect(next(TRAILERS)).toBe(trailers);
  }
  expect(next(HEAD)?.meaning).toBe('a head');
});

test('as soon as the table has changed, the same bytes are read anew', () => {
  const decoder = new Decoder();
  const literal = (name: string): Uint8Array => Buffer.from(`\x40\x01${name}\x011`, 'latin1');
  const newest = Uint8Array.of(0x80 | 62);
  decode(decoder, literal('a'));
  expect([decode(decoder, newest), decode(decoder, newest)].map(({ fields }) => fields)).toEqual([['a: 1'], ['a: 1']]);
  decode(decoder, literal('b'));
  expect(decode(decoder, newest).fields).toEqual(['b: 1']);
  // The table is emptied by a change of its size: what was known stands for nothing.
  decode(decoder, Uint8Array.of(0x20));
  LIST.begin(65_536, 262_144);
  expect(decoder.decode(Buffer.from(newest), 0, 1, LIST)).not.toBe(NO_ERROR);
});

test('long blocks are not kept, nor each of those that are other ones each time', () => {
  const decoder = new Decoder();
  const of = (value: string): Uint8Array => {
    const text = Buffer.from(value, 'latin1');
    return Buffer.concat([
      Buffer.from([0x04, 0x7f, text.length - 127, 0x00]).subarray(0, text.length < 127 ? 1 : 3),
      text,
    ]);
  };
  const long = of('/'.repeat(BLOCK_BYTES_MAX - 3));
  expect(long).toHaveLength(BLOCK_BYTES_MAX);
  expect(decode(decoder, long).known).toBeDefined();
  expect(decode(decoder, of('/'.repeat(BLOCK_BYTES_MAX - 2))).known).toBeUndefined();
  const kept = Array.from({ length: 64 }, (_, i) => decode(decoder, of(`/${i}`.padEnd(200, 'x'))).known).filter(
    Boolean,
  );
  expect(kept.length).toBeLessThan(10);
  expect(kept.length).toBeGreaterThan(3);
});

test('whatever comes in whatever order, it is what was said', () => {
  const names = fc.constantFrom('a', 'b', 'etag', 'date', 'cookie', 'x-long');
  const fields = fc.array(fc.tuple(names, fc.constantFrom('1', '2', '3', 'x'.repeat(400))), { maxLength: 4 });
  fc.assert(
    fc.property(
      fc.array(fields, { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat(), { maxLength: 60 }),
      (heads, order) => {
        const [encoder, decoder] = [new Encoder(1024), new Decoder()];
        const known = heads.map((head) => head.map(([name, value]) => new OutField(name, value)));
        for (const nth of order) {
          // Now and then the encoder's peer says another size, with which the next block begins.
          if (nth % 11 === 0) encoder.limit(256 * (nth % 5));
          const one = known[nth % known.length] as OutField[];
          const decoded = decode(decoder, encoder.encode(one));
          expect(decoded.fields).toEqual(one.map(({ name, value }) => `${name}: ${value}`));
          expect(decoded.bytes).toBe(one.reduce((sum, { bytes }) => sum + bytes, 0));
        }
      },
    ),
    { numRuns: 400 },
  );
});
