import { expect, test } from 'vitest';
import { split } from '../../../src/config/split-kind.ts';

test.each([[{ stable: 95, canary: 5 }], [{ a: 0, b: 0.5 }]])('%j is read as it is', (given) => {
  expect(split.read(given)).toEqual({ ok: true, value: given });
});

test.each([
  [{}, 'must be a mapping of sets'],
  [['stable'], 'must be a mapping of sets'],
  [{ 'Not a name': 1 }, 'is no name of a set'],
  [{ stable: '95%' }, 'must be a number from 0 to 1000000; it is "95%"'],
  [{ stable: -1 }, 'must be a number from 0'],
])('%j', (given, message) => {
  const read = split.read(given);
  expect(read.ok ? '' : read.faults[0]?.message).toContain(message);
});
