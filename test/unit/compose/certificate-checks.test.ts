import { expect, test } from 'vitest';
import { checkPair, dateProblem } from '../../../src/compose/certificate-checks.ts';
import { issue } from '../../support/x509.ts';

const root = issue({ subject: 'root', ca: true });
const between = issue({ subject: 'between', ca: true, by: root });
const leaf = issue({ subject: 'leaf', names: ['Shop.example.com', '*.example.com', '127.0.0.1'], by: between, to: 20 });
const rsa = issue({ subject: 'old.example.com', keyType: 'rsa' });

test('what is good is known by its names, the type of its key and its end', () => {
  const { names, keyType, notAfterMs, fingerprint } = checkPair(leaf.cert + between.cert, leaf.key);
  expect([names, keyType]).toEqual([['shop.example.com', '*.example.com'], 'ec']);
  expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
  expect(Math.abs(notAfterMs - Date.now() - 20 * 86_400_000)).toBeLessThan(60_000);
  expect(checkPair(rsa.cert, rsa.key)).toMatchObject({ names: ['old.example.com'], keyType: 'rsa' });
});

test('the chain ends when the first of it does', () => {
  const short = issue({ subject: 'short', ca: true, by: root, to: 3 });
  const under = issue({ names: ['a.example.com'], by: short });
  expect(checkPair(under.cert + short.cert, under.key).notAfterMs).toBeLessThan(Date.now() + 4 * 86_400_000);
});

const encrypted = leaf.keys.privateKey.export({
  type: 'pkcs8',
  format: 'pem',
  cipher: 'aes-256-cbc',
  passphrase: 'x',
});
const tiny = issue({ names: ['tiny.example.com'], keyType: 'rsa' });

test.each([
  ['no certificate', leaf.key, leaf.key, /^it holds no certificate$/],
  ['a damaged certificate', leaf.cert.replace(/\n.{20}/, '\nAAAAAAAAAAAAAAAAAAAA'), leaf.key, /./],
  ['a certificate that is cut off', leaf.cert.slice(0, 200), leaf.key, /^it holds no certificate$/],
  [
    'a damaged one behind a good one',
    leaf.cert + between.cert.replace(/\n.{20}/, '\nAAAAAAAAAAAAAAAAAAAA'),
    leaf.key,
    /./,
  ],
  ['the key of another', leaf.cert, rsa.key, /^the key is not that of the certificate of shop\.example\.com$/],
  [
    'a chain in the wrong order',
    between.cert + leaf.cert,
    leaf.key,
    /^the key is that of shop\.example\.com; the chain must begin with it, the leaf first$/,
  ],
  [
    'a chain of somebody else',
    leaf.cert + rsa.cert,
    leaf.key,
    /^none of the other certificates in the chain issued that of shop\.example\.com$/,
  ],
  ['a certificate for a key', leaf.cert, leaf.cert, /^there is no private key in the file of the key$/],
  ['a public key', leaf.cert, leaf.keys.publicKey.export({ type: 'spki', format: 'pem' }), /^there is no private key/],
  ['an encrypted key', leaf.cert, encrypted, /^the key is encrypted with a passphrase; store it without one/],
  ['a damaged key', leaf.cert, leaf.key.replace(/\n.{20}/, '\nAAAAAAAAAAAAAAAAAAAA'), /^the key cannot be read \(/],
])('%s is refused', (_, cert, key, message) => {
  expect(() => checkPair(cert, key)).toThrow(message);
});

test('a chain is good between its dates, which are said with the name', () => {
  const now = Date.now();
  const ended = issue({ names: ['old.example.com'], from: -30, to: -1 });
  const early = issue({ names: ['new.example.com'], from: 1 });
  expect(dateProblem(leaf.cert + between.cert, now)).toBeUndefined();
  expect(dateProblem(ended.cert, now)).toMatch(
    /^the certificate of old\.example\.com ended on \d{4}-\d\d-\d\dT[\d:.]+Z$/,
  );
  expect(dateProblem(early.cert, now)).toMatch(
    /^the certificate of new\.example\.com is not good before \d{4}-\d\d-\d\dT/,
  );
  expect(dateProblem(leaf.cert + ended.cert, now)).toMatch(/old\.example\.com ended on/);
  expect(dateProblem(early.cert, now + 2 * 86_400_000)).toBeUndefined();
  expect(dateProblem(tiny.cert, now + 31 * 86_400_000)).toMatch(/tiny\.example\.com ended/);
});
