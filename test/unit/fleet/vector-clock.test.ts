import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compare, FLOOR, joined, seenOf, shortened, withWrite } from '../../../src/fleet/vector-clock.ts';

const clock = fc
  .dictionary(fc.constantFrom('a', 'b', 'c', 'constructor', '7', FLOOR), fc.integer({ min: 1, max: 6 }))
  .map((raw) => joined(raw, {}));

test.each([
  [{ a: 1 }, { b: 1 }, 'concurrent'],
  [{ a: 1 }, { a: 1 }, 'equal'],
  [{ a: 1 }, { a: 1, b: 1 }, 'before'],
  [{ a: 2, b: 1 }, { a: 1 }, 'after'],
  [{}, { a: 1 }, 'before'],
  [{ a: 2 }, { a: 1, b: 1 }, 'concurrent'],
  [{ constructor: 1 }, {}, 'after'],
  [{ [FLOOR]: 3 }, { a: 3 }, 'after'],
  [{ [FLOOR]: 3 }, { a: 4 }, 'concurrent'],
] as const)('%j and %j: %s', (a, b, order) => {
  expect(compare(a, b)).toBe(order);
});

test('comparing is antisymmetric, and agrees with joining', () => {
  fc.assert(
    fc.property(clock, clock, (a, b) => {
      const mirrored = { equal: 'equal', concurrent: 'concurrent', before: 'after', after: 'before' } as const;
      expect(compare(b, a)).toBe(mirrored[compare(a, b)]);
      expect(compare(a, b) === 'before' || compare(a, b) === 'equal').toBe(compare(joined(a, b), b) === 'equal');
    }),
  );
});

test('joining is commutative, associative and idempotent, to the letter', () => {
  fc.assert(
    fc.property(clock, clock, clock, (a, b, c) => {
      expect(JSON.stringify(joined(a, b))).toBe(JSON.stringify(joined(b, a)));
      expect(JSON.stringify(joined(joined(a, b), c))).toBe(JSON.stringify(joined(a, joined(b, c))));
      expect(JSON.stringify(joined(a, a))).toBe(JSON.stringify(a));
      expect(JSON.stringify(joined(joined(a, b), b))).toBe(JSON.stringify(joined(a, b)));
    }),
  );
});

test('a join has seen what either has, and nothing else', () => {
  fc.assert(
    fc.property(clock, clock, fc.constantFrom('a', 'b', 'c', 'd'), (a, b, edge) => {
      expect(seenOf(joined(a, b), edge)).toBe(Math.max(seenOf(a, edge), seenOf(b, edge)));
    }),
  );
});

test('a write is seen by the clock that has it', () => {
  expect(withWrite({ a: 1 }, 'b', 5)).toEqual({ a: 1, b: 5 });
  expect(compare(withWrite({ a: 1 }, 'a', 2), { a: 1 })).toBe('after');
});

test('a clock is kept short: the oldest go into the floor, and nothing that was seen is unseen', () => {
  const long = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`e${at}`, at + 1]));
  const short = shortened(long, 3);
  expect(short).toEqual({ [FLOOR]: 7, e7: 8, e8: 9, e9: 10 });
  expect(['after', 'equal']).toContain(compare(short, long));
  expect(shortened(short, 3)).toEqual(short);
  let clock = {};
  for (let life = 1; life <= 5000; life += 1) clock = shortened(withWrite(clock, `edge-${life}`, life), 128);
  expect(Object.keys(clock)).toHaveLength(129);
});
