import { expect, test } from 'vitest';
import { acceptOf, newKey } from '../../../../src/edge/tunnel/web-socket-key.ts';

test('a key has sixteen bytes, and is another one each time', () => {
  const [one, other] = [newKey(), newKey()];
  expect(Buffer.from(one, 'base64')).toHaveLength(16);
  expect(one).not.toBe(other);
});

test('the example of RFC 6455 §1.3', () => {
  expect(acceptOf('dGhlIHNhbXBsZSBub25jZQ==')).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
});
