import fc from 'fast-check';
import { expect, test } from 'vitest';
import { substitute } from '../../../src/config/environment.ts';

const ENV = { HOST: 'h', PORT: '8080', EMPTY: '', YES: 'true', ZEROS: '007', NESTED: '${HOST}', 'not-a-name': 'x' };
const readFile = (path: string) => {
  if (path === '/run/secrets/token') return 's3cret\n';
  throw new Error('there is no such file');
};
const run = (value: unknown) => substitute(value, { env: ENV, readFile });

test.each([
  ['${HOST}', 'h'],
  ['http://${HOST}:${PORT}/x', 'http://h:8080/x'],
  ['${PORT}', 8080],
  ['-${PORT}', -8080],
  ['${YES}', true],
  ['${EMPTY}', ''],
  ['${NONE:-}', ''],
  ['${NONE:-fallback}', 'fallback'],
  ['${EMPTY:-fallback}', 'fallback'],
  ['${HOST:-fallback}', 'h'],
  ['${NONE:-${HOST}}', 'h'],
  ['${NONE:-${ALSO_NONE:-deep}}', 'deep'],
  ['${NONE:-a:-b}', 'a:-b'],
  ['${HOST:?must be set}', 'h'],
  ['${file:/run/secrets/token}', 's3cret'],
  ['$${HOST}', '${HOST}'],
  ['a$${b}${HOST}', 'a${b}h'],
  ['$HOST', '$HOST'],
  ['100$', '100$'],
  ['${NESTED}', '${HOST}'],
  ['${NONE:-1e3}', 1000],
  ['${NONE:-0x1F}', 31],
  ['${NONE:-0o17}', 15],
  ['${NONE:-.5}', 0.5],
  ['${NONE:-null}', 'null'],
  ['${NONE:-yes}', 'yes'],
  ['${NONE:-10s}', '10s'],
])('%s becomes %j', (text, value) => {
  expect(run({ a: text })).toMatchObject({ value: { a: value }, faults: [] });
});

test.each([
  ['${NONE}', 'needs the environment variable NONE, which is not set; set it, or write ${NONE:-default}'],
  ['${NONE:?give the host}', 'needs the environment variable NONE: give the host'],
  ['${EMPTY:?give the host}', 'needs the environment variable EMPTY: give the host'],
  ['${NONE:?}', 'needs the environment variable NONE: it is unset or empty'],
  ['${HOST', 'has a "${" without its "}"'],
  ['${}', 'which is not one of ${VAR}'],
  ['${not-a-name}', 'which is not one of ${VAR}'],
  ['${HOST-x}', 'which is not one of ${VAR}'],
  ['${file:}', 'without a path'],
  ['${file:/none}', 'cannot read the file /none: there is no such file'],
  ['${constructor}', 'needs the environment variable constructor'],
])('%s is a fault that says what to do', (text, message) => {
  const { faults } = run({ list: [text] });
  expect(faults).toEqual([{ path: ['list', 0], message: expect.stringContaining(message) as unknown }]);
});

test('every variable that is missing is named, also several in one value', () => {
  expect(run('${ONE}-${TWO}').faults).toHaveLength(2);
});

test('defaults nest eight deep at most', () => {
  const nested = (depth: number) => '${A:-'.repeat(depth) + 'x' + '}'.repeat(depth);
  expect(run(nested(8))).toMatchObject({ value: 'x', faults: [] });
  expect(run(nested(10)).faults[0]?.message).toContain('more than 8 deep');
});

test('a file larger than a secret is refused', () => {
  const { faults } = substitute('${file:/big}', { env: {}, readFile: () => 'x'.repeat(64 * 1024 + 1) });
  expect(faults[0]?.message).toContain('larger than 64KiB');
});

test('keys, numbers and texts without variables stay as they are', () => {
  const value = { '${HOST}': 1, b: [true, null, 'x', '8080'] };
  expect(run(value)).toEqual({ value, faults: [], made: new Map() });
});

test('what was put in is remembered as a text, and whether a file was read for it', () => {
  const { made, value } = run({ a: '${ZEROS}', b: ['x${file:/run/secrets/token}'] });
  expect(value).toEqual({ a: 7, b: ['xs3cret'] });
  expect(made.get('["a"]')).toEqual({ text: '007', secret: false });
  expect(made.get('["b",0]')).toEqual({ text: 'xs3cret', secret: true });
});

test('whatever a variable holds, it ends up in the value and nowhere else', () => {
  fc.assert(
    fc.property(fc.string(), (held) => {
      const { value, faults } = substitute({ a: '<${X}>', b: 1 }, { env: { X: held }, readFile });
      expect(value).toEqual({ a: `<${held}>`, b: 1 });
      expect(faults).toEqual([]);
    }),
  );
});

test('no text makes it throw', () => {
  const piece = fc.constantFrom('$', '{', '}', ':', '-', '?', 'A', 'file:', '${', ' ');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      expect(typeof run(pieces.join('')).faults.length).toBe('number');
    }),
  );
});
