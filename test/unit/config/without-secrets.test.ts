import { expect, test } from 'vitest';
import { withoutSecrets } from '../../../src/config/without-secrets.ts';

const made = new Map([
  ['["a"]', { text: 'hunter2', secret: true }],
  ['["b"]', { text: 'us', secret: true }],
  ['["c"]', { text: 'plain-text', secret: false }],
  ['["d"]', { text: '', secret: true }],
]);
const at = (path: string, message: string) => withoutSecrets({ path: [path], message }, made);

test('at the value itself only what it must be is said', () => {
  expect(at('a', 'must be a port; it is "hunter2"; did you mean 2?')).toBe(
    'must be a port; what its file holds is not shown',
  );
  expect(at('a', '"hunter" is no known region of aws')).toBe('is not right here; what its file holds is not shown');
  expect(at('a', 'must be from 1s to 2s; it is 3s')).toBe('must be from 1s to 2s; what its file holds is not shown');
});

test('elsewhere the text is taken out, and words that happen to contain it are left whole', () => {
  expect(at('x', 'takes hunter2/, "hunter2" and "us"; use another')).toBe(
    'takes (not shown)/, (not shown) and (not shown); use another',
  );
});

test('variables are no secrets', () => {
  expect(at('c', 'must be a port; it is "plain-text"')).toBe('must be a port; it is "plain-text"');
});

test('that a file cannot be read is said in full', () => {
  expect(at('a', 'cannot read the file /s: gone')).toBe('cannot read the file /s: gone');
});
