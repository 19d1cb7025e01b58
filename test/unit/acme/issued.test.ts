import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { issuedOf, renewalIdOf } from '../../../src/acme/issued.ts';
import { partsOf } from '../../../src/acme/pem-parts.ts';
import { makeCertificates } from '../../support/certificates.ts';
import { issue } from '../../support/x509.ts';

const DOMAIN = 'shop.example.com';
const root = issue({ subject: 'root', ca: true });
const good = issue({ names: [DOMAIN], by: root });
const other = issue({ names: [DOMAIN], by: root });
const take = (key: string, ...chain: readonly string[]) => issuedOf(DOMAIN, { key, chain: chain.join('') }, Date.now());

test('what is right is kept: the key, and the chain as it came', () => {
  const issued = take(good.key, good.cert, root.cert);
  const parts = partsOf(issued.pem);
  expect(new X509Certificate(parts?.chain ?? '').fingerprint256.replaceAll(':', '').toLowerCase()).toBe(
    issued.fingerprint,
  );
  expect(take(parts?.key ?? '', parts?.chain ?? '')).toEqual(issued);
  expect(issued.notAfterMs - issued.notBeforeMs).toBe(31 * 86_400_000);
});

test.each([
  [
    'a certificate for another name',
    () => take(good.key, issue({ names: ['evil.example.com'], keys: good.keys }).cert),
    'is for evil.example.com',
  ],
  [
    'one for a name that only begins so',
    () => take(good.key, issue({ names: [`${DOMAIN}.evil.example`], keys: good.keys }).cert),
    'is for',
  ],
  ['one for another key', () => take(good.key, other.cert), 'is for another key'],
  [
    'one that has ended',
    () => take(good.key, issue({ names: [DOMAIN], keys: good.keys, from: -9, to: -1 }).cert),
    'has ended already',
  ],
  [
    'one that is not good yet',
    () => take(good.key, issue({ names: [DOMAIN], keys: good.keys, from: 1 }).cert),
    'is not good yet',
  ],
  ['a chain in another order', () => take(good.key, good.cert, other.cert), 'does not hold together'],
  ['an empty answer', () => take(good.key, ''), 'is none'],
  ['a page', () => take(good.key, '<html>'), 'is none'],
  [
    'what looks like one',
    () => take(good.key, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'),
    'cannot be read',
  ],
  ['too much', () => take(good.key, good.cert, ' '.repeat(70_000)), 'has more than'],
])('%s is refused', (_, taking, why) => {
  expect(taking).toThrow(why);
});

test('an authority knows a certificate by the key of its issuer and its number', () => {
  const { cert } = makeCertificates();
  const text = execFileSync('openssl', ['x509', '-noout', '-serial', '-ext', 'authorityKeyIdentifier'], {
    input: cert,
  }).toString();
  const serial = /^serial=([0-9A-F]+)$/m.exec(text)?.[1] ?? '';
  const key = /^ +(?:keyid:)?([0-9A-F:]{40,})$/m.exec(text)?.[1]?.replaceAll(':', '') ?? '';
  const [issuer = '', number = ''] = renewalIdOf(new X509Certificate(cert))?.split('.') ?? [];
  expect(Buffer.from(issuer, 'base64url').toString('hex')).toBe(key.toLowerCase());
  expect(Buffer.from(number, 'base64url').toString('hex').replace(/^00/, '')).toBe(serial.toLowerCase());
});

test('without that there is nothing to ask by', () => {
  expect(renewalIdOf(new X509Certificate(good.cert))).toBeUndefined();
});

test.each([
  ['nothing', ''],
  ['only a chain', good.cert],
  ['only a key', good.key],
])('%s makes no certificate', (_, pem) => expect(partsOf(pem)).toBeUndefined());
