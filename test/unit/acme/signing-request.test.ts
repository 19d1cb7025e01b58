import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { newKeyPair } from '../../../src/acme/key-pair.ts';
import { signingRequest } from '../../../src/acme/signing-request.ts';

test.each([
  ['ecdsa', 'ASN1 OID: prime256v1'],
  ['rsa', '(2048 bit)'],
] as const)('a request with a key of %s is one that openssl verifies', async (type, key) => {
  const name = `${'long-'.repeat(12)}name.shop.example.com`;
  const request = signingRequest(name, await newKeyPair(type));
  const args = ['req', '-inform', 'DER', '-noout', '-text', '-verify'];
  const text = execFileSync('openssl', args, { input: request, stdio: ['pipe', 'pipe', 'pipe'] }).toString();
  expect(text).toContain(`DNS:${name}`);
  expect(text).toContain(key);
});
