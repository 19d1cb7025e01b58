import { expect, test } from 'vitest';
import { DEFAULT_NAME, givenName, nameOf } from '../../../src/config/system-name.ts';

test('a name that is given is the name everywhere', () => {
  expect(givenName('iad-1')).toEqual({ id: 'iad-1', pseudonym: 'iad-1', lastingId: 'iad-1' });
});

test('one that is not given is the host’s with a random part, and strangers see that part alone', () => {
  expect(nameOf('web-7.internal', 'abcd1234')).toEqual({
    id: 'web-7.internal-abcd1234',
    pseudonym: 'abcd1234',
    lastingId: 'web-7.internal',
  });
});

test.each([
  ['büro 1', 'b-ro-1'],
  ['-x', 'x'],
  ['', 'edge'],
  ['...', 'edge'],
  ['h'.repeat(255), 'h'.repeat(50)],
])('a host called %s makes a valid id', (host, lastingId) => {
  const name = nameOf(host, 'abcd1234');
  expect(name.lastingId).toBe(lastingId);
  expect(name.id).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/);
});

test('the default is one of these, and stays', () => {
  expect(DEFAULT_NAME.id).toBe(`${DEFAULT_NAME.lastingId}-${DEFAULT_NAME.pseudonym}`);
  expect(DEFAULT_NAME.pseudonym).toMatch(/^[\da-f]{8}$/);
});
