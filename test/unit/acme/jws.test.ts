import { createHash, createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { boundAccount, jwkOf, keyAuthorization, signedJws } from '../../../src/acme/jws.ts';

const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const decoded = (text: string): unknown => JSON.parse(Buffer.from(text, 'base64url').toString());

test('what is signed can be verified by the public key alone', () => {
  const jws = signedJws({ url: 'https://a.example/new', nonce: 'n', jwk: jwkOf(key) }, { a: 1 }, key);
  expect(decoded(jws.protected)).toEqual({ alg: 'ES256', url: 'https://a.example/new', nonce: 'n', jwk: jwkOf(key) });
  expect(decoded(jws.payload)).toEqual({ a: 1 });
  const signed = Buffer.from(`${jws.protected}.${jws.payload}`);
  const publicKey = createPublicKey({ key: { ...jwkOf(key) }, format: 'jwk' });
  const signature = Buffer.from(jws.signature, 'base64url');
  expect(verify('sha256', signed, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
  expect(jwkOf(key)).not.toHaveProperty('d');
});

test('a resource is asked for with an empty payload, not with an empty object', () => {
  expect(signedJws({ url: 'u', kid: 'k' }, undefined, key).payload).toBe('');
  expect(decoded(signedJws({ url: 'u', kid: 'k' }, {}, key).payload)).toEqual({});
});

test('an account is bound by the secret of its customer', () => {
  const secret = Buffer.from('0123456789abcdef0123456789abcdef').toString('base64url');
  const jws = boundAccount({ keyId: 'kid-1', secret }, jwkOf(key), 'https://a.example/new-account');
  expect(decoded(jws.protected)).toEqual({ alg: 'HS256', kid: 'kid-1', url: 'https://a.example/new-account' });
  expect(decoded(jws.payload)).toEqual(jwkOf(key));
  const mac = createHmac('sha256', '0123456789abcdef0123456789abcdef').update(`${jws.protected}.${jws.payload}`);
  expect(jws.signature).toBe(mac.digest('base64url'));
});

test('a thumbprint is the hash of the members of the key in their order, without spaces (RFC 7638 §3)', () => {
  const known = createPrivateKey(key.export({ type: 'pkcs8', format: 'pem' }));
  const { crv, kty, x, y } = jwkOf(known);
  const text = `{"crv":"${crv}","kty":"${kty}","x":"${x}","y":"${y}"}`;
  expect(keyAuthorization('token', known)).toBe(`token.${createHash('sha256').update(text).digest('base64url')}`);
});
