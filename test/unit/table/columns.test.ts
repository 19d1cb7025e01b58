import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ColumnSpec, columnsBytes, layColumns } from '../../../src/table/columns.ts';

const kind = fc.constantFrom('f64' as const, 'i32' as const, 'u8' as const);
const spec = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.tuple(kind, fc.nat(40)), {
  minKeys: 1,
  maxKeys: 8,
}) as fc.Arbitrary<ColumnSpec>;

test('each column is of its kind and length', () => {
  const columns = layColumns({ a: ['u8', 3], b: ['f64', 2], c: ['i32', 1] }, new SharedArrayBuffer(32));
  expect(columns.a).toBeInstanceOf(Uint8Array);
  expect(columns.b).toBeInstanceOf(Float64Array);
  expect(columns.c).toBeInstanceOf(Int32Array);
  expect([columns.a.length, columns.b.length, columns.c.length]).toEqual([3, 2, 1]);
});

test('columns are aligned, inside the buffer, and do not overlap', () => {
  fc.assert(
    fc.property(spec, (given) => {
      const buffer = new SharedArrayBuffer(columnsBytes(given));
      let endOfLast = 0;
      for (const column of Object.values(layColumns(given, buffer))) {
        expect(column.byteOffset % 8).toBe(0);
        expect(column.byteOffset).toBeGreaterThanOrEqual(endOfLast);
        endOfLast = column.byteOffset + column.byteLength;
      }
      expect(endOfLast).toBeLessThanOrEqual(buffer.byteLength);
    }),
  );
});

test('two layings over one buffer show the same cells', () => {
  fc.assert(
    fc.property(spec, fc.nat(255), (given, value) => {
      const buffer = new SharedArrayBuffer(columnsBytes(given));
      const [mine, yours] = [layColumns(given, buffer), layColumns(given, buffer)];
      for (const name of Object.keys(given)) {
        mine[name]?.fill(value);
        expect(yours[name]?.every((cell) => cell === value)).toBe(true);
        mine[name]?.fill(0);
      }
      expect(new Uint8Array(buffer).every((byte) => byte === 0)).toBe(true);
    }),
  );
});

test('a buffer that is too small is refused', () => {
  const given = { a: ['f64', 2], b: ['u8', 1] } as const;
  expect(columnsBytes(given)).toBe(24);
  expect(() => layColumns(given, new SharedArrayBuffer(23))).toThrow(RangeError);
  expect(() => layColumns(given, new SharedArrayBuffer(24))).not.toThrow();
});
