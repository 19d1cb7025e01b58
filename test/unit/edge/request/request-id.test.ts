import { expect, test } from 'vitest';
import { ListedFields } from '../../../../src/edge/message/request-head.ts';
import { requestIdOf } from '../../../../src/edge/request/request-id.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const with_ = (id: string) => new ListedFields(['X-Request-Id', id]);

test('a trusted peer’s id is kept', () => {
  expect(requestIdOf(with_('Root=1-67891233-abcdef'), true)).toBe('Root=1-67891233-abcdef');
  expect(requestIdOf(with_('a'.repeat(128)), true)).toHaveLength(128);
});

test('the id that a stranger sends is replaced by one of ours', () => {
  expect(requestIdOf(with_('abc'), false)).toMatch(UUID);
});

test.each(['', 'a b', 'a"b', 'a\nb', 'ä', 'a'.repeat(129), '<script>'])('%j is fit for no log', (id) => {
  expect(requestIdOf(with_(id), true)).toMatch(UUID);
});

test('each request has another', () => {
  const ids = new Set(Array.from({ length: 100 }, () => requestIdOf(new ListedFields([]), true)));
  expect(ids.size).toBe(100);
});
