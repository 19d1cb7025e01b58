import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StickyCookie } from '../../../../src/config/topology-sticky.ts';
import { CookieSigner, cookieValue, REMEMBERED_MAX } from '../../../../src/edge/request/sticky-cookie.ts';

const COOKIE: StickyCookie = {
  name: 'meridian',
  secrets: ['0123456789abcdef0123456789abcdef'],
  ttlMs: 3_600_000,
  sameSite: 'lax',
  secure: true,
};
const IDS = ['shop/aws/us-east-1/10.0.0.1:8080', 'shop/gcp/europe-west1/10.1.0.1:8080'];
const signer = (more: Partial<StickyCookie> = {}, service = 'shop', ids = IDS) =>
  new CookieSigner(service, { ...COOKIE, ...more }, ids);
const valueOf = (setCookie: string) => /^meridian=([^;]+)/.exec(setCookie)?.[1] ?? '';

test('what is set comes back as the endpoint that it was set for, and says nothing of where that is', () => {
  const text = signer().setCookie(1, 0);
  expect(text).toMatch(
    /^meridian=v1\.[0-9a-z]+\.[\w-]{16}\.[\w-]{43}; Path=\/; Max-Age=3600; HttpOnly; Secure; SameSite=Lax$/,
  );
  expect(text).not.toMatch(/10\.|gcp|europe|8080/);
  expect(signer().read(valueOf(text), 1000)).toEqual({ is: 'good', index: 1, expiresMs: 3_600_000 });
  expect(signer({ secure: false, sameSite: 'strict' }).setCookie(0, 0)).toMatch(/HttpOnly; SameSite=Strict$/);
});

test('it ends when its time is over, remembered or not', () => {
  const one = signer();
  const value = valueOf(one.setCookie(0, 0));
  expect(one.read(value, 3_599_999).is).toBe('good');
  expect(one.read(value, 3_600_000).is).toBe('expired');
  expect(signer().read(value, 3_600_000).is).toBe('expired');
});

test('a cookie of another service, of another secret or of an endpoint that is gone is ignored', () => {
  const value = valueOf(signer().setCookie(1, 0));
  expect(signer({}, 'blog').read(value, 0).is).toBe('forged');
  expect(signer({ secrets: ['f'.repeat(32)] }).read(value, 0).is).toBe('forged');
  expect(signer({}, 'shop', IDS.slice(0, 1)).read(value, 0).is).toBe('gone');
});

test('secrets are changed one after the other', () => {
  const [before, after] = ['a'.repeat(32), 'b'.repeat(32)];
  const value = valueOf(signer({ secrets: [before] }).setCookie(1, 0));
  expect(signer({ secrets: [after, before] }).read(value, 0)).toMatchObject({ is: 'good', index: 1 });
  expect(signer({ secrets: [after] }).read(value, 0).is).toBe('forged');
  expect(signer({ secrets: [after] }).read(valueOf(signer({ secrets: [after, before] }).setCookie(0, 0)), 0).is).toBe(
    'good',
  );
});

test('whatever is changed in it, it is forged', () => {
  const value = valueOf(signer().setCookie(1, 0));
  const one = signer();
  fc.assert(
    fc.property(fc.nat(value.length - 1), fc.constantFrom('0', 'z', 'A', '-', '.'), (at, put) => {
      const changed = value.slice(0, at) + put + value.slice(at + 1);
      fc.pre(changed !== value);
      expect(one.read(changed, 0).is).toBe('forged');
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(one.read(text, 0).is).toBe('forged');
    }),
  );
});

test('more cookies than are remembered are still read', () => {
  const one = signer();
  const values = Array.from({ length: REMEMBERED_MAX + 2 }, (_, i) => valueOf(one.setCookie(0, i * 1000)));
  expect(values.every((value) => one.read(value, 0).is === 'good')).toBe(true);
  expect(one.read(values[0] as string, 0).is).toBe('good');
}, 60_000);

test.each([
  ['meridian=x', 'x'],
  ['a=b; meridian=x; c=d', 'x'],
  ['a=b;meridian=x', 'x'],
  ['a=b, meridian=x', 'x'],
  ['xmeridian=y', undefined],
  ['meridian', undefined],
  ['', undefined],
])('%s', (field, expected) => {
  expect(cookieValue(field, 'meridian')).toBe(expected);
});
