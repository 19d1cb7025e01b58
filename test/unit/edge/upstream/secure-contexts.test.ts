import { expect, test } from 'vitest';
import { CONTEXTS_MAX, SecureContexts } from '../../../../src/edge/upstream/secure-contexts.ts';
import { makeCertificates } from '../../../support/certificates.ts';

test('one context for each set of authorities, and one for all who name none', () => {
  const [a, b] = [makeCertificates().ca, makeCertificates().ca];
  const contexts = new SecureContexts();
  expect(contexts.of(a)).toBe(contexts.of(a));
  expect(contexts.of(b)).not.toBe(contexts.of(a));
  expect(contexts.of(undefined)).toBe(contexts.of(undefined));
  expect(CONTEXTS_MAX).toBeGreaterThan(1);
});

test('authorities that cannot be read are refused', () => {
  const nonsense = '-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----';
  expect(() => new SecureContexts().of(nonsense)).toThrow(/PEM|asn1|base64/i);
});
