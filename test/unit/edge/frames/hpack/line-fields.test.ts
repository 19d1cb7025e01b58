import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LINE_CHARS_MAX, LINES_MAX, LineFields } from '../../../../../src/edge/frames/hpack/line-fields.ts';
import { OutField } from '../../../../../src/edge/frames/hpack/out-field.ts';

test.each([
  ['Accept: text/html', 'accept', 'text/html'],
  ['X-One:1', 'x-one', '1'],
  ['X-Two: \t a  b \t', 'x-two', 'a  b'],
  ['X-Empty:', 'x-empty', ''],
  ['X-Blank:  ', 'x-blank', ''],
  ['X-Colon: a:b', 'x-colon', 'a:b'],
])('the field of %j', (line, name, value) => {
  expect(new LineFields().of(line)).toMatchObject({ name, value });
});

test('a line that comes again gives the same object, unless its field has no place in a table', () => {
  const fields = new LineFields();
  const isSame = (line: string): boolean => fields.of(line) === fields.of(line);
  expect(isSame('Accept: x')).toBe(true);
  for (const line of ['Cookie: s=1', 'Authorization: y', 'Set-Cookie: a=b', 'ETag: "1"'])
    expect(isSame(line)).toBe(false);
});

test('what a line becomes is asked once', () => {
  const asked: string[] = [];
  const fields = new LineFields((name, value) => {
    asked.push(name);
    return new OutField(`${name}-2`, value);
  });
  fields.of('A: 1');
  expect(fields.of('A: 1').name).toBe('a-2');
  expect(asked).toEqual(['a']);
});

test('as many lines are remembered as there is room for, and none that is too long', () => {
  const fields = new LineFields();
  const first = fields.of('X: first');
  for (let i = 1; i < LINES_MAX; i += 1) fields.of(`X: ${i}`);
  expect(fields.of('X: first')).toBe(first);
  fields.of('X: one more');
  expect(fields.of('X: first')).not.toBe(first);

  const long = `X: ${' '.repeat(LINE_CHARS_MAX)}a`;
  expect(fields.of(long)).not.toBe(fields.of(long));
});

test('remembered or not, a line gives the same name and value', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'B', ' ', '\t', ':', '1'), maxLength: 8 });
  const fields = new LineFields();
  fc.assert(
    fc.property(text, text, (name, value) => {
      const line = `N${name.replaceAll(':', '')}:${value}`;
      const [one, two] = [fields.of(line), new LineFields().of(line)];
      expect([one.name, one.value]).toEqual([two.name, two.value]);
      expect(one.value).toBe(value.replace(/^[ \t]+|[ \t]+$/g, ''));
    }),
  );
});
