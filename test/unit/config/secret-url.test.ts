import { expect, test } from 'vitest';
import { secretUrl } from '../../../src/config/secret-url.ts';

const kind = secretUrl('a URL of x', ({ protocol }) => (protocol === 'x:' ? undefined : 'has another scheme than x'));

test('what is right is taken, without blanks around it', () => {
  expect(kind.read(' x://user:secret@host ')).toEqual({ ok: true, value: 'x://user:secret@host' });
});

const NO_URL = 'is not a URL; write special characters as %XX';

test.each([
  ['y://secret', 'has another scheme than x'],
  ['secret', NO_URL],
  [`x://${'secret'.repeat(400)}`, NO_URL],
  [7, NO_URL],
])('the %#th is refused, and not shown', (value, problem) => {
  const message = `must be a URL of x (its value is not shown): it ${problem}`;
  expect(kind.read(value)).toEqual({ ok: false, faults: [{ path: [], message }] });
});
