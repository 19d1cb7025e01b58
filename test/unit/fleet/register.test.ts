import fc from 'fast-check';
import { expect, test } from 'vitest';
import { counters, lastWrite } from '../../../src/fleet/merge.ts';
import { blank, isSame, join, type Register, written } from '../../../src/fleet/register.ts';
import { readRegister, registerText } from '../../../src/fleet/register-text.ts';
import { CLOCK_EDGES_MAX, compare, seenOf } from '../../../src/fleet/vector-clock.ts';
import { viewOf } from '../../../src/fleet/view.ts';

const EDGES = ['a', 'b', 'c', 'd'];

/** Edges write and hear of each other in any order; every state that any of them ever had. */
const history = fc
  .array(
    fc.record({
      edge: fc.nat(EDGES.length - 1),
      from: fc.nat(EDGES.length - 1),
      writes: fc.boolean(),
      atMs: fc.nat(3),
      value: fc.nat(2),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((steps) => {
    const now: Register[] = EDGES.map(() => blank('k'));
    const states: Register[] = [blank('k')];
    for (const [at, { edge, from, writes, atMs, value }] of steps.entries()) {
      const mine = now[edge]!;
      const by = EDGES[edge]!;
      now[edge] = writes ? written(mine, { by, number: at + 1, atMs, value: { [by]: value } }) : join(mine, now[from]!);
      states.push(now[edge]);
    }
    return states;
  });

const three = history.chain((states) => fc.tuple(...[1, 2, 3].map(() => fc.constantFrom(...states))));
const text = (register: Register) => registerText(register);

test('joining whole records is commutative, associative and idempotent over everything that can come about', () => {
  fc.assert(
    fc.property(three, ([a, b, c]) => {
      expect(text(join(a!, b!))).toBe(text(join(b!, a!)));
      expect(text(join(join(a!, b!), c!))).toBe(text(join(a!, join(b!, c!))));
      expect(join(a!, a!)).toBe(a);
      expect(text(join(join(a!, b!), b!))).toBe(text(join(a!, b!)));
    }),
    { numRuns: 2000 },
  );
});

test('so is what is read of them, with any merge: value, clock, time and writer', () => {
  fc.assert(
    fc.property(three, fc.constantFrom(lastWrite, counters), ([a, b, c], merge) => {
      const view = (register: Register) => viewOf(register, merge);
      expect(view(join(a!, b!))).toEqual(view(join(b!, a!)));
      expect(view(join(join(a!, b!), c!))).toEqual(view(join(a!, join(b!, c!))));
      expect(view(join(a!, a!))).toEqual(view(a!));
    }),
    { numRuns: 1000 },
  );
});

test('what is not concurrent: the later one stands', () => {
  fc.assert(
    fc.property(three, ([a, b]) => {
      const order = compare(a!.clock, b!.clock);
      if (order === 'before') expect(join(a!, b!)).toBe(b);
      if (order === 'after') expect(join(a!, b!)).toBe(a);
      if (order === 'equal') expect(isSame(a!, b!)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('a write is there until one that has seen it replaces it', () => {
  fc.assert(
    fc.property(history, (states) => {
      const all = states.reduce(join);
      const writes = states.flatMap((state) => state.writes);
      for (const write of writes) {
        const isThere = all.writes.some((one) => one.by === write.by && one.number === write.number);
        const isReplaced = writes.some(
          (one) =>
            one.number !== write.number &&
            states.some((s) => s.writes.includes(one) && seenOf(s.clock, write.by) >= write.number),
        );
        expect(isThere || isReplaced).toBe(true);
      }
      expect(all.writes.every((write) => seenOf(all.clock, write.by) >= write.number)).toBe(true);
    }),
  );
});

test('the trap of the last write: what was replaced has no say when a third comes in', () => {
  const drained = written(blank('k'), { by: 'a', number: 1, atMs: 5, value: { drained: true } });
  const served = written(drained, { by: 'b', number: 2, atMs: 4, value: { drained: false } });
  const other = written(blank('k'), { by: 'c', number: 1, atMs: 3, value: { drained: false } });
  const left = join(join(drained, other), served);
  expect(text(left)).toBe(text(join(drained, join(other, served))));
  expect(viewOf(left, lastWrite)?.value).toEqual({ drained: false });
  expect(left.writes.map(({ by }) => by)).toEqual(['b', 'c']);
});

test('two edges by one name agree on one of their values', () => {
  const one = written(blank('k'), { by: 'a', number: 1, atMs: 1, value: { x: 1 } });
  const other = written(blank('k'), { by: 'a', number: 1, atMs: 1, value: { x: 2 } });
  expect(text(join(one, other))).toBe(text(join(other, one)));
  expect(join(one, other).writes).toHaveLength(1);
});

test('its text stays short, however many edges have written', () => {
  let register = blank('k');
  for (let life = 1; life <= 3000; life += 1) {
    register = written(register, { by: `edge-${life}`, number: 1e15 + life, atMs: 1, value: {} });
  }
  expect(Object.keys(register.clock)).toHaveLength(CLOCK_EDGES_MAX + 1);
  expect(text(register).length).toBeLessThan(5000);
  expect(readRegister('k', text(register))).toEqual(register);
});
