import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { LateText, WAITING_MAX } from '../../../../src/edge/writes/late-text.ts';

/** Something with a socket whose kernel takes everything; `all` has what the sockets of a test have written, in order. */
function takerOf(all: string[]) {
  const write = (text: string): boolean => {
    all.push(text);
    return true;
  };
  const destroy = (error: Error): unknown => all.push(error.message);
  const taker = { socket: { destroyed: false, write, destroy } };
  return { ...taker, late: new LateText(taker) };
}

test('what is written late goes out at the end of the turn, in the order in which it came', async () => {
  const all: string[] = [];
  const [one, other] = [takerOf(all), takerOf(all)];
  one.late.write('a');
  other.late.write('b');
  expect(all).toEqual([]);
  expect(one.late.waits).toBe(true);
  await turn();
  expect(all).toEqual(['a', 'b']);
  expect(one.late.waits).toBe(false);
  await turn();
  expect(all).toEqual(['a', 'b']);
  one.late.write('c');
  await turn();
  expect(all).toEqual(['a', 'b', 'c']);
});

test('two texts for one socket are one write', async () => {
  const all: string[] = [];
  const { late } = takerOf(all);
  late.write('a');
  late.write('b');
  await turn();
  expect(all).toEqual(['ab']);
});

test('what waits can be written before something else is, and is not written again', async () => {
  const all: string[] = [];
  const [one, other] = [takerOf(all), takerOf(all)];
  other.late.write('other');
  one.late.write('first');
  one.late.writeNow();
  one.socket.write('second');
  expect(all).toEqual(['first', 'second']);
  one.late.writeNow();
  await turn();
  expect(all).toEqual(['first', 'second', 'other']);
});

test('one that has been written early may wait again in the same turn', async () => {
  const all: string[] = [];
  const { late } = takerOf(all);
  late.write('a');
  late.writeNow();
  late.write('b');
  expect(all).toEqual(['a']);
  await turn();
  expect(all).toEqual(['a', 'b']);
});

test('a socket that is destroyed meanwhile gets nothing', async () => {
  const all: string[] = [];
  const [gone, stays] = [takerOf(all), takerOf(all)];
  gone.late.write('a');
  stays.late.write('b');
  gone.socket.destroyed = true;
  await turn();
  expect(all).toEqual(['b']);
  expect(gone.late.waits).toBe(false);
});

test('in a long turn they go out when they are many', async () => {
  const all: string[] = [];
  const takers = Array.from({ length: WAITING_MAX + 1 }, () => takerOf(all));
  for (const [i, { late }] of takers.entries()) {
    expect(all).toHaveLength(0);
    late.write(String(i));
    if (i === WAITING_MAX - 1) expect(all.splice(0)).toHaveLength(WAITING_MAX);
  }
  await turn();
  expect(all).toEqual([String(WAITING_MAX)]);
});

test('a write that throws ends its own connection, and the others get theirs', async () => {
  const all: string[] = [];
  const [odd, other] = [takerOf(all), takerOf(all)];
  odd.socket.write = () => {
    throw new Error('odd');
  };
  odd.late.write('a');
  other.late.write('b');
  await turn();
  expect(all).toEqual(['odd', 'b']);
});
