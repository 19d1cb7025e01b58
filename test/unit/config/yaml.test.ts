import { expect, test } from 'vitest';
import { readYaml } from '../../../src/config/yaml.ts';

const problemsOf = (text: string) => {
  const read = readYaml(text);
  return 'problems' in read
    ? read.problems.map(({ line, column, message }) => `${line}:${column} ${message}`)
    : `read as ${JSON.stringify(read.value)}`;
};

test.each([
  ['a tab', 'a:\n\tb: 1\n', '2:1', 'a tab is used for indentation; use spaces'],
  ['a key twice', 'a: 1\nb: 2\na: 3\n', '3:1', 'the key a is already in this mapping; remove one of the two'],
  ['two documents', 'a: 1\n---\nb: 2\n', '2:1', 'a configuration is one document, so remove the "---" line'],
  ['an open bracket', 'a: [1, 2\nb: 3\n', '2:1', 'end with a ]'],
  ['an open quote', 'a: "x\n', '2:1', 'is not closed before here'],
  ['two keys on a line', 'a: b: c\n', '1:4', 'put it on a line of its own'],
  ['a reserved character', 'a: @b\n', '1:4', 'reserved character @'],
  ['a key that is a list', '? [1]\n: 2\n', '1:3', 'a key must be plain text'],
  ['a bare variable in braces', 'a: {b: ${X}}\n', '1:9', 'inside { } and [ ] a ${VAR} must be in quotes'],
  ['a tag', 'a: !foo 1\n', '1:4', 'Unresolved tag'],
  ['a binary tag', 'a: !!binary aGk=\n', '1:4', 'Unresolved tag'],
  ['an alias of nothing', 'a: 1\nb: *x\n', '2:4', 'the alias *x has no anchor &x before it'],
  ['an alias inside of itself', 'a: &x [1, *x]\n', '1:11', 'is inside of what it stands for'],
  ['a dangerous key', 'a: 1\n__proto__: { x: 1 }\n', '2:1', 'the key __proto__ is not allowed'],
  ['a deep nest', `a: ${'['.repeat(4_000_000)}`, '1:1', 'nested too deeply'],
  ['a deep nest of braces', `a: ${'{ b: '.repeat(50_000)}`, '1:1', 'nested too deeply'],
  ['a deep nest of lists', '- '.repeat(2_000_000), '1:1', 'nested too deeply'],
  [
    'a deep nest of blocks',
    Array.from({ length: 2000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    '',
    'nested too deeply',
  ],
])('%s is a problem at its place', (_, text, place, message) => {
  const problems = problemsOf(text);
  expect(problems).toBeInstanceOf(Array);
  expect(problems[0]).toContain(place);
  expect(problems[0]).toContain(message);
});

test('aliases are allowed, a bomb of them is not', () => {
  expect(problemsOf('a: &x [1]\nb: *x\n')).toBe('read as {"a":[1],"b":[1]}');
  const levels = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 12; level += 1) {
    levels.push(`a${level}: &a${level} [${Array.from({ length: 9 }, () => `*a${level - 1}`).join(', ')}]`);
  }
  expect(problemsOf(levels.join('\n'))).toEqual([
    expect.stringContaining('its aliases (*name) stand for too many values; write them out'),
  ]);
});

test('every problem of the text is found, not only the first', () => {
  expect(problemsOf('a: 1\na: 2\nb: 3\nb: 4\n')).toHaveLength(2);
});

test.each(['', '# only a comment\n', '---\n', '\uFEFF'])('%j is an empty file', (text) => {
  expect(problemsOf(text)).toBe('read as null');
});

test('keys are texts and YAML 1.2 is read', () => {
  expect(problemsOf('404: yes\na: 010\nb: 0o10\n')).toBe('read as {"404":"yes","a":10,"b":8}');
});

const PLACES = `version: 1
edge: { id: x, tls: { cert: c } }
list:
  - one
  - { two: 2 }
shared: &s
  inner: 1
used: *s
empty:
`;

test.each<[(string | number)[], 'key' | 'value', number, number]>([
  [['version'], 'value', 1, 10],
  [['version'], 'key', 1, 1],
  [['edge'], 'value', 2, 1],
  [['edge', 'id'], 'value', 2, 13],
  [['edge', 'id'], 'key', 2, 9],
  [['edge', 'tls', 'cert'], 'value', 2, 29],
  [['edge', 'tls', 'key'], 'value', 2, 16],
  [['edge', 'id', 'deeper'], 'value', 2, 13],
  [['list', 0], 'value', 4, 5],
  [['list', 1, 'two'], 'value', 5, 12],
  [['list', 1, 'missing'], 'value', 5, 5],
  [['list', 9], 'value', 3, 1],
  [['used', 'inner'], 'value', 7, 10],
  [['empty'], 'value', 9, 7],
  [['nowhere'], 'value', 1, 1],
  [[], 'value', 1, 1],
])('%j (%s) is at %d:%d', (path, part, line, column) => {
  const read = readYaml(PLACES);
  if ('problems' in read) throw new Error('the text is right');
  expect(read.locate(path, part)).toEqual({ line, column });
});

test('lines count the same with Windows line ends', () => {
  const read = readYaml(PLACES.replaceAll('\n', '\r\n'));
  if ('problems' in read) throw new Error('the text is right');
  expect(read.locate(['list', 1, 'two'], 'value')).toEqual({ line: 5, column: 12 });
});
