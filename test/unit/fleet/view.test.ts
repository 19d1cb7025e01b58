import { expect, test } from 'vitest';
import { lastWrite } from '../../../src/fleet/merge.ts';
import { blank, join, written } from '../../../src/fleet/register.ts';
import { viewOf } from '../../../src/fleet/view.ts';

test('a key that nobody has written has no view', () => {
  expect(viewOf(blank('k'), lastWrite)).toBeUndefined();
});

test('one write is read as it is', () => {
  const register = written(blank('k'), { by: 'a', number: 3, atMs: 5, value: { x: 1 } });
  expect(viewOf(register, lastWrite)).toEqual({ key: 'k', value: { x: 1 }, clock: { a: 3 }, writtenAtMs: 5, by: 'a' });
});

test('writes side by side are merged from the earliest to the latest, and bear the name and time of that one', () => {
  const writes = ['c', 'a', 'b'].map((by, at) => written(blank('k'), { by, number: 1, atMs: 9 - at, value: { by } }));
  const seen: string[] = [];
  const view = viewOf(writes.reduce(join), (a, b) => {
    seen.push(`${a.by} ${b.by}`);
    return { by: `${String(a.value['by'])}+${String(b.value['by'])}` };
  });
  expect(seen).toEqual(['b a', 'a c']);
  expect(view).toEqual({ key: 'k', value: { by: 'b+a+c' }, clock: { a: 1, b: 1, c: 1 }, writtenAtMs: 9, by: 'c' });
});
