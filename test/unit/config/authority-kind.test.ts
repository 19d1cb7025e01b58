import { expect, test } from 'vitest';
import { authorityKind } from '../../../src/config/authority-kind.ts';

test.each(['a', 'a.example', 'A.example:8080', '10.0.0.1', '[::1]:80'])('%s may be a Host', (host) => {
  expect(authorityKind.read(host)).toEqual({ ok: true, value: host });
});

test.each(['', 'a b', 'http://a', 'a:', 'a:123456', 'a/b', 'a\r\nb', 5, null, '*.a'])('%j may not', (host) => {
  expect(authorityKind.read(host).ok).toBe(false);
});
