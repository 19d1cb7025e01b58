import { expect, test } from 'vitest';
import { ListedFields } from '../../../../src/edge/message/request-head.ts';
import { EDGES_MAX, loops, PSEUDONYM_PREFIX, pseudonymOf } from '../../../../src/edge/request/via.ts';

const ME = pseudonymOf('iad-1');

test('a pseudonym is a token, whatever the edge is called', () => {
  expect(ME).toBe('meridian-iad-1');
  expect(pseudonymOf('édge 1, "x"')).toMatch(/^meridian-[A-Za-z0-9._~-]+$/);
});

test.each([
  [[], false],
  [['Via', '1.1 cache.example.com'], false],
  [['Via', `1.1 ${ME}`], true],
  [['Via', `1.0 a, 1.1 ${ME} (comment)`], true],
  [['Via', '1.1 a', 'via', `HTTP/1.1 ${ME}`], true],
  [['Via', `1.1 ${ME}-2`], false],
  [['Via', '1.1 meridian-fra-1'], false],
  [['X-Via', `1.1 ${ME}`], false],
  [['Via', ME], false],
])('%j loops: %s', (headers, answer) => {
  expect(loops(new ListedFields(headers), ME)).toBe(answer);
});

test('too many edges are a loop, though each of them is a new one', () => {
  const through = (edges: number) => [
    'Via',
    Array.from({ length: edges }, (_, i) => `1.1 ${PSEUDONYM_PREFIX}${i}`).join(', '),
  ];
  expect(loops(new ListedFields(through(EDGES_MAX - 1)), ME)).toBe(false);
  expect(loops(new ListedFields(through(EDGES_MAX)), ME)).toBe(true);
});
