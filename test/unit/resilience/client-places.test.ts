import { describe, expect, test } from 'vitest';
import { type ClientColumns, NO_PLACE, placeOf } from '../../../src/resilience/client-places.ts';
import { LIMIT_KEYS, LIMIT_WAYS } from '../../../src/table/limit-cells.ts';

function columns(): ClientColumns {
  return {
    key: new Int32Array(new SharedArrayBuffer(LIMIT_KEYS * 4)),
    due: new BigInt64Array(new SharedArrayBuffer(LIMIT_KEYS * 8)),
    held: new Int32Array(new SharedArrayBuffer(LIMIT_KEYS * 4)),
    asked: new Int32Array(new SharedArrayBuffer(LIMIT_KEYS * 4)),
    rule: new Int32Array(new SharedArrayBuffer(LIMIT_KEYS * 4)),
    share: new Float64Array(new SharedArrayBuffer(LIMIT_KEYS * 8)),
  };
}

describe('where clients are counted', () => {
  test('a client keeps its place, whoever else comes', () => {
    const table = columns();
    const mine = placeOf(table, 7, 1, 100n);
    table.due[mine] = 200n;
    for (let tag = 2; tag < 40; tag += 1) {
      const at = placeOf(table, 7, tag, 100n);
      expect(at).not.toBe(mine);
      if (table.due[at] === 0n) table.due[at] = 90n;
    }
    expect(placeOf(table, 7, 1, 100n)).toBe(mine);
    expect(placeOf(table, 8, 1, 100n)).not.toBe(mine);
    expect(placeOf(table, -7, 0, 100n)).toBeGreaterThanOrEqual(0);
  });

  test('the first to go is one that is due already; then the one that is due soonest, and it begins anew', () => {
    const table = columns();
    const places = Array.from({ length: LIMIT_WAYS }, (_, i) => placeOf(table, 3, i + 1, 0n));
    for (const [i, at] of places.entries()) table.due[at] = BigInt(1000 - i * 10);
    const soonest = places.at(-1) as number;
    expect(placeOf(table, 3, 99, 0n)).toBe(soonest);
    expect(table.due[soonest]).toBe(0n);
    table.due[soonest] = 5000n;
    expect(placeOf(table, 3, 100, 995n)).toBe(places[1]);
  });

  test('one with requests under way never goes, and then there is no place', () => {
    const table = columns();
    for (let i = 0; i < LIMIT_WAYS; i += 1) table.held[placeOf(table, 3, i + 1, 0n)] = 1;
    expect(placeOf(table, 3, 99, 0n)).toBe(NO_PLACE);
    expect(placeOf(table, 3, 4, 0n)).not.toBe(NO_PLACE);
  });
});
