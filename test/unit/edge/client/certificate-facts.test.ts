import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { certificateFacts } from '../../../../src/edge/client/certificate-facts.ts';
import { issue } from '../../../support/x509.ts';

test('a certificate is told by its subject, its fingerprint and its bytes', () => {
  const { cert } = issue({ subject: 'robot' });
  const x509 = new X509Certificate(cert);
  expect(certificateFacts(x509, true)).toEqual({
    subject: 'CN=robot',
    fingerprint: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
    der: x509.raw.toString('base64'),
    chain: [],
  });
});

test('of several parts of the subject, the most specific is first', () => {
  const shown: unknown = Object.create(new X509Certificate(issue().cert), {
    subject: { value: 'C=DE\nO=Acme\nCN=robot' },
    fingerprint256: { value: 'AA' },
    raw: { value: Buffer.from('x') },
  });
  expect(certificateFacts(shown as X509Certificate, false).subject).toBe('CN=robot,O=Acme,C=DE');
});
