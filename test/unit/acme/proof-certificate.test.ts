import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { proofCertificate } from '../../../src/acme/proof-certificate.ts';

const NOW = Date.parse('2026-11-28T12:00:00Z');

test('it is for the name alone, signed by itself, and says what the authority looks for', () => {
  const { cert, key } = proofCertificate('shop.example.com', 'token.thumb', NOW);
  const read = new X509Certificate(cert);
  expect(read.subjectAltName).toBe('DNS:shop.example.com');
  expect(read.verify(read.publicKey)).toBe(true);
  expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(read.validFromDate.getTime()).toBeLessThan(NOW);
  expect(read.validToDate.getTime()).toBeGreaterThan(NOW);
  // RFC 8737 §3: id-pe-acmeIdentifier, critical, with the SHA-256 of the key authorization in an OCTET STRING.
  const digest = createHash('sha256').update('token.thumb').digest('hex');
  expect(read.raw.toString('hex')).toContain(
    `06082b06010505070101ff`.replace('0701', '07011f01') + `04220420${digest}`,
  );
});
