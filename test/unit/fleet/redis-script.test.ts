import { expect, test } from 'vitest';
import { argumentsOf, script } from '../../../src/fleet/redis-script.ts';

const SHAPE = { args: ['edge', 'limit'], lists: { names: ['hash', 'text'], forget: ['silent'] } } as const;

test('arguments stand where the script says that they are, whatever order the caller gives them in', () => {
  const given = {
    lists: {
      forget: [{ silent: 'x' }],
      names: [
        { text: 'T1', hash: 'h1' },
        { text: '', hash: 'h2' },
      ],
    },
    args: { limit: 7, edge: 'e' },
  };
  expect(argumentsOf(SHAPE, given)).toEqual(['e', '7', '2', '1', 'h1', 'T1', 'h2', '', 'x']);
  expect(argumentsOf(SHAPE, { args: { edge: '', limit: 0 }, lists: { names: [], forget: [] } })).toEqual([
    '',
    '0',
    '0',
    '0',
  ]);
});

test('the script begins by naming them', () => {
  const { text, sha } = script(SHAPE, (each) => `${each('forget')} end`);
  expect(text.split('\n')).toEqual([
    'local edge, limit = ARGV[1], ARGV[2]',
    'local names_first = 5',
    'local names_last = names_first + tonumber(ARGV[3]) * 2 - 1',
    'local forget_first = names_last + 1',
    'local forget_last = forget_first + tonumber(ARGV[4]) * 1 - 1',
    'for forget_at = forget_first, forget_last, 1 do',
    'local silent = ARGV[forget_at + 0] end',
  ]);
  expect(sha).toMatch(/^[0-9a-f]{40}$/);
  expect(script({ args: [], lists: {} }, () => 'return 1').text).toBe('\nreturn 1');
});
