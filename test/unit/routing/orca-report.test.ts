import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readOrcaReport } from '../../../src/routing/orca-report.ts';

const varint = (value: number): number[] =>
  value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))];
const double = (value: number): number[] => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return [...bytes];
};
const tag = (field: number, type: number): number[] => varint(field * 8 + type);
const sized = (field: number, bytes: readonly number[]): number[] => [
  ...tag(field, 2),
  ...varint(bytes.length),
  ...bytes,
];
const entry = (field: number, key: string, value: number): number[] =>
  sized(field, [...sized(1, [...Buffer.from(key)]), ...tag(2, 1), ...double(value)]);
const read = (...bytes: readonly (readonly number[])[]) => readOrcaReport(Uint8Array.from(bytes.flat()));

const NUMBERS = { cpu_utilization: 1, mem_utilization: 2, rps_fractional: 6, eps: 7, application_utilization: 9 };
const MAPS = { request_cost: 4, utilization: 5, named_metrics: 8 };
const value = fc.double({ noNaN: true });

const fields = fc.array(
  fc.oneof(
    fc.record({ name: fc.constantFrom(...(Object.keys(NUMBERS) as (keyof typeof NUMBERS)[])), value }),
    fc.record({
      map: fc.constantFrom(...(Object.keys(MAPS) as (keyof typeof MAPS)[])),
      key: fc.string({ unit: 'grapheme', maxLength: 20 }),
      value,
    }),
    fc.record({ unknown: fc.integer({ min: 10, max: 2 ** 29 - 1 }), type: fc.constantFrom(0, 1, 2, 5) }),
    fc.record({ rps: fc.nat({ max: 2 ** 31 }) }),
  ),
  { maxLength: 20 },
);
type Field = (typeof fields extends fc.Arbitrary<infer F> ? F : never) extends (infer One)[] ? One : never;

function written(field: Field): number[] {
  if ('name' in field) return [...tag(NUMBERS[field.name], 1), ...double(field.value)];
  if ('map' in field) return entry(MAPS[field.map], field.key, field.value);
  if ('rps' in field) return [...tag(3, 0), ...varint(field.rps)];
  const filler: Record<number, number[]> = { 0: varint(300), 1: double(1), 2: [3, 1, 2, 3], 5: [0, 0, 0, 0] };
  return [...tag(field.unknown, field.type), ...(filler[field.type] as number[])];
}

test('whatever a report says is read, the last of what is said twice, and what later versions say is passed over', () => {
  fc.assert(
    fc.property(fields, (report) => {
      const expected = new Map<string, number>();
      for (const field of report) {
        if ('name' in field) expected.set(field.name, field.value);
        else if ('map' in field) expected.set(`${field.map}.${field.key}`, field.value);
        else if ('rps' in field) expected.set('rps', field.rps);
      }
      expect(read(...report.map(written))).toEqual(expected);
    }),
  );
});

test('a report that ends too early is none, wherever it does, unless it ends between two of its fields', () => {
  fc.assert(
    fc.property(fields, fc.nat(), (report, cut) => {
      const parts = report.map(written);
      const whole = parts.flat();
      const ends = parts.reduce<number[]>((all, part) => [...all, (all.at(-1) ?? 0) + part.length], [0]);
      const at = whole.length === 0 ? 0 : cut % whole.length;
      expect(readOrcaReport(Uint8Array.from(whole.slice(0, at))) === undefined).toBe(!ends.includes(at));
    }),
  );
});

test('random bytes are read or refused, and never more is read than there is', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const padded = new Uint8Array(bytes.length + 16).fill(0xff);
      padded.set(bytes, 8);
      const report = readOrcaReport(padded.subarray(8, 8 + bytes.length));
      expect(report).toEqual(readOrcaReport(bytes));
      expect(report?.size ?? 0).toBeLessThanOrEqual(bytes.length);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['another type than that of the field', [...tag(1, 0), 1]],
  ['a group', [...tag(20, 3)]],
  ['field 0', [...tag(0, 0), 1]],
  ['a number of eleven bytes', [...tag(3, 0), ...Array.from({ length: 11 }, () => 0x80)]],
  ['a length beyond the end', [...tag(8, 2), 100, 1]],
  ['an entry that ends in its value', sized(8, [...sized(1, [0x61]), ...tag(2, 1), 0])],
  ['a length that is no number any more', [...tag(8, 2), ...Array.from({ length: 9 }, () => 0xff), 0x7f]],
])('%s makes it none', (_, bytes) => expect(read(bytes)).toBeUndefined());

test('an entry without a value has 0, one without a key has none', () => {
  expect(read(sized(8, sized(1, [...Buffer.from('queue')])))).toEqual(new Map([['named_metrics.queue', 0]]));
  expect(read(sized(8, [...tag(2, 1), ...double(0.5)]))).toEqual(new Map([['named_metrics.', 0.5]]));
});
