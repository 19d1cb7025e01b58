import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NAMES_MAX, NamedFields, VALUES_MAX } from '../../../../../src/edge/frames/hpack/named-fields.ts';
import { OutField } from '../../../../../src/edge/frames/hpack/out-field.ts';

function counted(): { readonly named: NamedFields; readonly made: string[] } {
  const made: string[] = [];
  const named = new NamedFields((name, value) => {
    made.push(`${name}: ${value}`);
    return new OutField(name.toLowerCase(), value);
  });
  return { named, made };
}

test('a value that comes again is the same field, as far as there is room for values', () => {
  const { named, made } = counted();
  const first = named.of('Retry-After', '0');
  for (let i = 1; i < VALUES_MAX; i += 1) named.of('Retry-After', String(i));
  expect(named.of('Retry-After', '0')).toBe(first);
  expect(made).toHaveLength(VALUES_MAX);
  named.of('Retry-After', 'one more');
  expect(named.of('Retry-After', '7').value).toBe('7');
  expect(made).toHaveLength(VALUES_MAX + 1);
});

test('of a field whose value is another one each time, none is kept', () => {
  const { named, made } = counted();
  const [one, two] = [named.of('Set-Cookie', 'secret'), named.of('Set-Cookie', 'secret')];
  expect(one).not.toBe(two);
  expect(two).toEqual(one);
  expect(made).toHaveLength(1);
});

test('when there are more names than there is room for, all are forgotten', () => {
  const { named, made } = counted();
  for (let i = 0; i <= NAMES_MAX; i += 1) named.of(`X-${i}`, '1');
  made.length = 0;
  named.of('X-0', '1');
  expect(made).toEqual(['X-0: 1']);
});

test('in whatever order names and values come, each is the field that it is', () => {
  const name = fc.constantFrom('A', 'a', 'X-Request-Id', 'Set-Cookie', 'ETag', 'Content-Length', 'Cache-Control');
  const value = fc.oneof(fc.constantFrom('', '?', '1', 'no-store'), fc.stringMatching(/^[a-z]{1,3}$/));
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value), { maxLength: 60 }), (all) => {
      const { named } = counted();
      for (const [one, is] of all) expect(named.of(one, is)).toEqual(new OutField(one.toLowerCase(), is));
    }),
  );
});
