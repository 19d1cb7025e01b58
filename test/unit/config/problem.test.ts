import { expect, test } from 'vitest';
import { formatProblem, formatProblems, PROBLEMS_PRINTED_MAX, pathText } from '../../../src/config/problem.ts';

test('a problem is one line that an editor can jump to', () => {
  const problem = { line: 4, column: 5, path: 'edge.listen', message: 'is missing' };
  expect(formatProblem('edge.yaml', problem)).toBe('edge.yaml:4:5 edge.listen: is missing');
  expect(formatProblem('edge.yaml', { ...problem, path: '' })).toBe('edge.yaml:4:5 is missing');
});

test('problems are printed in the order of the file', () => {
  const at = (line: number, column: number, path = 'a') => ({ line, column, path, message: 'm' });
  expect(formatProblems('f', [at(2, 1), at(1, 9), at(1, 2, 'b'), at(1, 2)]).split('\n')).toEqual([
    'f:1:2 a: m',
    'f:1:2 b: m',
    'f:1:9 a: m',
    'f:2:1 a: m',
  ]);
});

test('after a hundred problems only their number is printed', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ line: index + 1, column: 1, path: '', message: 'm' }));
  expect(formatProblems('f', many(PROBLEMS_PRINTED_MAX)).split('\n')).toHaveLength(100);
  const lines = formatProblems('f', many(PROBLEMS_PRINTED_MAX + 7)).split('\n');
  expect(lines).toHaveLength(101);
  expect(lines.at(-1)).toBe('... and 7 more');
});

test.each([
  [[], ''],
  [['services', 'shop', 'endpoints', 0, 'url'], 'services.shop.endpoints[0].url'],
  [['services', 'a b', 'tls'], 'services["a b"].tls'],
  [['a.b'], '["a.b"]'],
])('%j is written %s', (path, text) => {
  expect(pathText(path)).toBe(text);
});
